# Words of the mails in English.

email-why = You receive this email because you are a customer of { $business }. Notices about your payments are always sent.
email-why-marketing = You get this email because you agreed to news and offers from { $business }.
email-unsubscribe = No more news and offers
email-not-you = Not you? Reply to this email at once.
email-button-manage = Manage subscription
email-button-pay = Pay { $amount }
email-button-pay-invoice = Pay invoice
email-button-reactivate = Pay { $amount } and reactivate
email-button-add-method = Add payment method
email-button-keep = Keep subscription
email-button-portal = Go to billing
email-button-methods = Payment methods
email-button-replace = Replace card
email-button-confirm = Confirm payment
email-copy-address = If the button does not work, copy this address into your browser:
email-bill = What you paid for
email-next-payment = Next payment: { $amount } on { $date }.

email-sign-in-subject = Sign in to { $business } billing
email-sign-in-preheader =
    { $minutes ->
        [one] Your link works once, for a minute.
       *[other] Your link works once, for { $minutes } minutes.
    }
email-sign-in-body =
    { $minutes ->
        [one] Press the button to manage your subscriptions, payment methods and invoices. The link works once and expires in a minute.
       *[other] Press the button to manage your subscriptions, payment methods and invoices. The link works once and expires in { $minutes } minutes.
    }
email-sign-in-button = Sign in to billing
email-sign-in-code = If you open the link in another browser, you will be asked for this code:
email-sign-in-requested = Requested on { $date } at { $time }.
email-sign-in-requested-from = Requested on { $date } at { $time } from { $device }.
email-sign-in-not-you = Not you? Ignore this email; nobody can sign in without the link.

email-receipt-subject = Receipt from { $business }: { $amount }
email-receipt-preheader = Paid on { $date } with { $method }.
email-receipt-eyebrow = Receipt from { $business }
email-receipt-heading = { $amount }
email-receipt-paid = { $date } with { $method }
email-receipt-invoice = Download invoice { $number } (PDF)
email-receipt-receipt = Download receipt { $number } (PDF)
email-receipt-next = Next payment: { $amount } on { $date }. You can cancel at any time before then.

email-payment-failed-subject = Payment failed: { $product }
email-payment-failed-body = We could not charge { $amount } to { $method } because { $reason }.
email-payment-failed-next-try = We will try again on { $date }. You can also pay now or choose another payment method.
email-payment-failed-no-try = Pay now or choose another payment method to keep { $product }.

email-payment-impossible-subject = Payment failed: { $product }
email-payment-impossible-body = { $amount } is due for { $product }, and there is no payment method to charge it to.

email-payment-overdue-subject = Payment due: { $product }
email-payment-overdue-body = Your invoice over { $amount } for { $product } is due and has not been paid.
email-payment-overdue-next-try = On { $date } we charge it to your default payment method. You can also pay now.
email-payment-overdue-no-try = Please pay it now.

email-payment-reminder-subject = Reminder: { $amount } for { $product } is open
email-payment-reminder-body = Your payment of { $amount } for { $product } is still open.

email-final-notice-subject = Final notice: { $amount } for { $product }
email-final-notice-body = { $amount } for { $product } is still unpaid after several attempts to charge it.
email-final-notice-pay-by = Please pay by { $date } to keep { $product }. This is the last time we write about it.
email-final-notice-over = We will not try to charge it again. You can still pay it yourself.

email-final-notice-one-off-subject = Final notice: { $amount } for { $product }
email-final-notice-one-off-body = { $amount } for { $product } is still unpaid.
email-final-notice-one-off-pay-by = Please pay by { $date }. This is the last time we write about it.

email-on-hold-subject = { $product } is on hold
email-on-hold-body = We could not charge you for { $product } and have put it on hold. Pay { $amount } to turn it back on. Until then nothing further is charged.
email-on-hold-trial-subject = { $product } is on hold
email-on-hold-trial-body = Your trial of { $product } has ended and there was no payment method. Add one to turn it back on. Nothing was charged.

email-cancellation-scheduled-subject = { $product } ends on { $date }
email-cancellation-scheduled-body = You have cancelled { $product }. You keep access until { $date } and will not be charged again. You can change your mind until then.

email-cancelled-subject = { $product } has ended
email-cancelled-body = { $product } ended on { $date }. You will not be charged again. Your invoices stay available.

email-cancelled-owed-subject = { $product } has ended
email-cancelled-owed-body = { $product } ended on { $date }. A last invoice over { $amount } for what was used is open; please pay it in the portal. Nothing is charged by itself any more.

email-cancelled-collected-subject = { $product } has ended
email-cancelled-collected-body = { $product } ended on { $date }. What is still open, { $amount }, is charged as before. Nothing is added to it.
email-cancelled-refund = For the time that you no longer use, { $amount } goes back to you. Your bank may need a few days.
email-cancelled-balance = For the time that you no longer use, { $amount } goes into your balance and pays your next invoices.
email-cancelled-offset = For the time that you no longer use, { $amount } is no longer to be paid.

email-cancelled-trial-subject = { $product } has ended
email-cancelled-trial-body = Your trial of { $product } ended on { $date }, and there was no payment method to go on with. Nothing was charged. You can subscribe again at any time.

email-uncancelled-subject = { $product } continues
email-uncancelled-body = Your cancellation is revoked. { $product } renews on { $date } for { $amount }.

email-uncancelled-on-hold-subject = { $product } continues
email-uncancelled-on-hold-body = Your cancellation is revoked. { $product } stays on hold; nothing is charged until it goes on.

email-trial-ending-subject = Your trial ends on { $date }
email-trial-ending-body = Your trial of { $product } ends on { $date }.
email-trial-ending-method = On that day we charge { $amount } to { $method }. You can cancel at any time before then.
email-trial-ending-hold = Add a payment method to keep { $product }; the first payment is { $amount }. Without one it is put on hold and nothing is charged.
email-trial-ending-end = Add a payment method to keep { $product }; the first payment is { $amount }. Without one it ends and nothing is charged.
email-trial-ending-invoice = The first payment is { $amount }. Add a payment method, or pay the invoice that you will get. You can cancel at any time before then.

email-renewal-upcoming-subject = { $product } renews on { $date }
email-renewal-upcoming-body = { $product } renews on { $date } for { $amount }.
email-renewal-upcoming-method = We will charge { $method }. You can cancel at any time before then.
email-renewal-upcoming-no-method = There is no payment method to charge it to. Add one to keep { $product }, or cancel at any time before then.

email-card-expiring-subject = { $method } expires on { $expires }
email-card-expiring-body = { $method } expires on { $expires }, and the payment for { $product } on { $date } is to be charged to it. Replace it so that { $product } goes on.

email-win-back-offer-subject = An offer for coming back to { $product }
email-win-back-offer-body = Your subscription to { $product } ended on { $date }. We would like to have you back.
email-win-back-offer-periods =
    { $count ->
        [one] The code { $code } takes { $off } off your first payment.
       *[other] The code { $code } takes { $off } off each of your first { $count } payments.
    }
email-win-back-offer-forever = The code { $code } takes { $off } off each of your payments.
email-win-back-survey-subject = What was missing in { $product }?
email-win-back-survey-body = Your subscription to { $product } ended on { $date }. What would have made you stay? Answer this email; a person reads it.
email-win-back-help-subject = Can we help you with { $product }?
email-win-back-help-body = Your subscription to { $product } ended on { $date }. If it was hard to get something out of it, we would like to help. Answer this email, and a person writes back.
email-win-back-apology-subject = About your time with { $product }
email-win-back-apology-body = Your subscription to { $product } ended on { $date } because we did not do well. We are sorry. If you tell us what went wrong, by answering this email, a person looks into it.

email-credit-note-subject = Credit note { $number }: { $amount }
email-credit-note-body = We have credited { $amount } of invoice { $invoice }.
email-credit-note-offset = { $amount } of it is no longer to be paid.
email-credit-note-balance = { $amount } is now in your balance and pays your next invoices.
email-credit-note-refund = { $amount } goes back to you. Your bank may need a few days.
email-credit-note-refund-to = { $amount } goes back to { $method }. Your bank may need a few days.

email-method-added-subject = Payment method added
email-method-added-body = { $method } was added to your account with { $business }.
email-method-added-default = It is now your default and used for all subscriptions that do not have their own payment method.

email-reactivated-subject = { $product } is active again
email-reactivated-body = { $product } is active again. Thank you.
email-reactivated-paid = We charged { $amount }; the receipt comes in an email of its own.

email-authentication-required-subject = Confirm your payment of { $amount }
email-authentication-required-body = Your bank wants you to confirm the payment of { $amount } for { $product }. Nothing is charged before you do.

email-first-payment-failed-subject = Payment failed: { $product }
email-first-payment-failed-body = We could not charge { $amount } to { $method } because { $reason }, so { $product } has not begun yet.
email-first-payment-due-subject = First payment: { $product }
email-first-payment-due-body = { $product } begins when { $amount } is paid, and there is no payment method to charge it to.
email-first-payment-kept = Pay now, or choose another payment method. We keep your order for { $hours } hours; after that it lapses, and nothing is charged for it.

email-first-payment-expired-subject = Your order of { $product } has lapsed
email-first-payment-expired-body = The first payment for { $product } did not come in time, so it has not begun. Nothing is charged for it any more.

email-change-dropped-subject = { $product } stays as it is
email-change-dropped-body = The change that was planned for { $product } was not made: what was chosen is no longer offered, or not like that. { $product } goes on as before. You can choose something else at any time.

email-invoice-issued-subject = Invoice { $number }: { $amount }
email-invoice-issued-body = Here is invoice { $number } over { $amount } for { $product }.
email-invoice-issued-pay-by = Please pay { $amount } by { $date }.
email-invoice-issued-paid = Your balance has paid it; there is nothing to do.

email-refund-declined-subject = Your request about invoice { $invoice }
email-refund-declined-body = You asked for the money of invoice { $invoice } back. { $business } has looked at it and does not refund it. If you think that is wrong, reply to this email.
