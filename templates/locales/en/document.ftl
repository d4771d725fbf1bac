# Invoices, credit notes and receipts (PDF). A language may have this file alone: documents speak it, pages do not.

document-invoice = Invoice
document-credit-note = Credit note
document-receipt = Receipt

document-number = Invoice number
document-credit-note-number = Credit note number
document-receipt-number = Receipt number
document-issued = Date of issue
document-due = Due date
document-service = Service period
document-invoice-date = Invoice date
document-payment-date = Payment date
document-payment-method = Payment method

document-from = From
document-to = Billed to
document-vat-id = VAT ID { $id }

document-headline = { $amount } due
document-headline-due = { $amount } due { $date }
document-headline-paid = { $amount } paid { $date }
document-headline-nothing = Nothing to pay
document-headline-credit = { $amount } credited

document-description = Description
document-quantity = Qty
document-unit-price = Unit price
document-vat = VAT
document-amount = Amount

document-subtotal = Subtotal
document-discount = Discount
document-tax = VAT { $rate } on { $amount }
document-tax-included = Including VAT { $rate } on { $amount }
document-tax-reverse = VAT { $rate } (reverse charge)
document-total = Total
document-total-credited = Total credited
document-credit = Credit applied
document-paid = Paid
document-paid-earlier = Paid earlier
document-received = Payment received
document-owed = Amount due

document-paid-with = Paid on { $date } with { $method }. Thank you.
document-paid-on = Paid on { $date }. Thank you.
document-reverse-charge = Reverse charge: the recipient owes the VAT (Article 196 of Directive 2006/112/EC).
document-for-invoice = Invoice { $number } of { $date }
document-no-invoice = This receipt confirms your payment. The invoice states the VAT.
document-page = Page { $page } of { $pages }

## Credit notes: what they amend, why, and where the money goes

document-corrects = This credit note amends invoice { $number } of { $date }.
document-reason = Reason: { $reason }
document-reason-plan_change = change of plan
document-reason-cancellation = cancellation
document-reason-withdrawal = withdrawal from the contract
document-reason-lapsed = period without service
document-reason-duplicate = billed twice
document-reason-correction = correction of the invoice
document-reason-unsatisfactory = service not as promised
document-reason-fraud = payment not made by you
document-reason-goodwill = goodwill

document-to-offset = { $amount } is no longer owed on invoice { $number }.
document-refunded = { $amount } is refunded the way it was paid.
document-refunded-to = { $amount } is refunded to { $method }.
document-to-balance = { $amount } is added to your balance and pays for your next invoices.

## Pages and mails say these, too

period = { $from } to { $to }
method-card = Card
method-sepa = SEPA Direct Debit
method-paypal = PayPal
method-bank-transfer = Bank transfer
method-other = Payment method
