# The invoice as a document (PDF).

document-invoice = Invoice
document-number = Invoice number
document-issued = Date of issue
document-due = Due date
document-service = Service period
document-from = From
document-to = Billed to
document-vat-id = VAT ID { $id }

document-headline = { $amount } due
document-headline-due = { $amount } due { $date }
document-headline-paid = { $amount } paid { $date }

document-description = Description
document-quantity = Qty
document-unit-price = Unit price
document-vat = VAT
document-amount = Amount

document-subtotal = Subtotal
document-discount = Discount
document-tax = VAT { $rate } on { $amount }
document-tax-included = Including VAT { $rate } on { $amount }
document-total = Total
document-credit = Credit applied
document-paid = Paid
document-owed = Amount due

document-paid-with = Paid on { $date } with { $method }. Thank you.
document-paid-on = Paid on { $date }. Thank you.
document-reverse-charge = Reverse charge: the recipient owes the VAT (Article 196 of Directive 2006/112/EC).
document-page = Page { $page } of { $pages }
