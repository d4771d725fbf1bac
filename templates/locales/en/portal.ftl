# The portal's words in English. One whole sentence a message. Ids: page-part[-state].
# Money, days and methods arrive formatted; numbers arrive as numbers, to choose a plural form.
# <strong> and <a> may stand in messages that a template shows with rich().

## Everywhere

add = Add
back = Back
back-to-business = Back to { $business }
change = Change
change-method = payment method
copied = Copied
edit = Edit
email-address = Email address
error-summary = There is a problem
error-title = Error:
go-to-overview = Go to overview
help = Help
invoice = Invoice
receipt = Receipt
keep = Keep
language = Language
language-is = Language:{" "}
make-default = Make default
manage = Manage
optional = (optional)
privacy = Privacy
remove = Remove
replace = Replace
sign-in = Sign in
sign-out = Sign out
skip-to-content = Skip to content
terms = Terms
try-again = Try again
view = View

## Navigation

nav-label = Billing
nav-menu = Menu
nav-overview = Overview
nav-subscriptions = Subscriptions
nav-payment_methods = Payment methods
nav-billing = Billing history
nav-addresses = Addresses
nav-profile = Profile
nav-contact = Contact

## Test mode

test-mode = Test mode
test-clock = The clock shows { $date }.
test-advance = Move it by
test-day = 1 day
test-week = 1 week
test-month = 1 month
test-mailbox = Mailbox

## Prices, periods, taxes

price-day =
    { $count ->
        [one] { $amount } per day
       *[other] { $amount } every { $count } days
    }
price-week =
    { $count ->
        [one] { $amount } per week
       *[other] { $amount } every { $count } weeks
    }
price-month =
    { $count ->
        [one] { $amount } per month
       *[other] { $amount } every { $count } months
    }
price-year =
    { $count ->
        [one] { $amount } per year
       *[other] { $amount } every { $count } years
    }
tax-vat = VAT
tax-id-is = Tax ID { $id }
bill-total = Total
bill-total-today = Total today
bill-to-charge = Will be charged
due-today = Due today
paid-with = Paid with
in-days =
    { $days ->
        [0] today
        [1] tomorrow
       *[other] in { $days } days
    }
bill-due = Still to pay
bill-charged = Charged
settled-balance = Paid from your credit
settled-brought_forward = Brought forward from an earlier invoice
settled-carried_forward = Moved to your next invoice
settled-credit_note = Taken back by credit note
settled-to_balance = Kept as credit for your next invoices
settled-refunded = Refunded the way you paid
settled-charged = Already paid

## Why this amount? The words of domain::invoice::formula, with what is stored with each line

why-title = Why this amount?
why-full = Full price: { $quantity } × { $unit } = { $amount }
why-share-discount = The whole period: { $full } less { $discount } discount = { $net }
why-prorated-charge-seconds = { $part } of { $whole }, at { $full } for the whole: { $amount }
why-prorated-charge-days =
    { $whole ->
        [one] { $part } of { $whole } day, at { $full } for the whole: { $amount }
       *[other] { $part } of { $whole } days, at { $full } for the whole: { $amount }
    }
why-prorated-credit-seconds = Not used: { $part } of { $whole }, billed at { $full } for the whole: { $amount }
why-prorated-credit-days =
    { $whole ->
        [one] Not used: { $part } of { $whole } day, billed at { $full } for the whole: { $amount }
       *[other] Not used: { $part } of { $whole } days, billed at { $full } for the whole: { $amount }
    }
why-share-capped = Earlier credits have left { $amount } of that.
why-usage-sum = { $quantity } used in all, { $included } of it included: { $amount }
why-usage-max = { $quantity } used at most, { $included } of it included: { $amount }
why-usage-last = { $quantity } at the end of the period, { $included } of it included: { $amount }
why-usage-unique-count = { $quantity } different ones, { $included } of them included: { $amount }
why-usage-tier = { $quantity } × { $unit }
why-percent-off = { $percent } off { $of }: { $amount }
why-amount-off = Discount: { $amount }
why-carry-forward = From an earlier invoice that was too small to charge: { $amount }
why-balance = Paid from your credit: { $amount }
why-contained-tax = It contains { $percent } tax: { $gross } less { $tax } = { $net }
why-tax = On { $net } before tax
duration-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
duration-days-clock =
    { $days ->
        [0] { $clock } hours
        [one] { $days } day { $clock } hours
       *[other] { $days } days { $clock } hours
    }

## Payment methods by kind

method-add = Add payment method
method-expires = Expires { $month }
method-expired = Expired { $month }
method-failed-on = Failed on { $date }
method-used-for = Used for { $products }
kind-card = Card
kind-card-hint = Your bank may ask you to confirm
kind-sepa = SEPA Direct Debit
kind-sepa-hint = From a euro bank account
kind-paypal = PayPal
kind-paypal-hint = Continue on paypal.com
kind-bank-transfer = Bank transfer
kind-bank-transfer-hint = You send the money from your bank
kind-other = { $provider }
kind-other-hint = Continue at { $provider }

## Why a charge failed: "... because ..."

reason-declined = your bank declined it
reason-expired_card = the card has expired
reason-insufficient_funds = there was not enough money
reason-authentication_required = your bank wants you to confirm it
reason-processing_error = of a problem at the payment provider
reason-other = it did not go through

## Badges

badge-active = Active
badge-default = Default
badge-ended = Ended
badge-ends = Ends { $date }
badge-expired = Expired
badge-expires-soon = Expires soon
badge-needs-confirmation = Needs confirmation
badge-on-hold = On hold
badge-paused = Paused
badge-payment-failed = Payment failed
badge-starting = Starting
badge-trial = Trial
badge-trial-ends = Trial ends { $date }
status-paid = Paid
status-processing = Processing
status-due = Due
status-failed = Failed
status-refunded = Refunded
status-partly_refunded = Partly refunded
status-void = Void

## The line below a subscription's name

line-active = { $price } · Renews on { $date }
line-ending = Ends on { $date } · You will not be charged again
line-trial = Free until { $date } · Then { $price }
line-trial-ending = Free until { $date } · Then it ends
line-past-due = { $amount } overdue since { $since }
line-past-due-next = { $amount } overdue since { $since } · Next try { $date }
line-on-hold = { $price } · { $amount } overdue since { $since }
line-on-hold-trial = { $price } · Waiting for a payment method since { $since }
line-paused = Continues on { $date }
line-paused-open = Paused until you continue it
line-incomplete = Waiting for your first payment
line-ended = Ended on { $date }

## Signing in

sign-in-title = Sign in to billing
sign-in-lede = Enter the email address you use with { $business }. We will send you a link; there is no password.
sign-in-button = Email me a sign-in link
sign-in-hint = Bought something but never signed in? Use the email address on your receipt.
sign-in-mail-down = We cannot send email right now
sign-in-mail-down-body = Try again in a few minutes.
sign-in-too-many = You have asked for several links
sign-in-too-many-body =
    { $minutes ->
        [one] Wait a minute, then try again. The newest email still works.
       *[other] Wait { $minutes } minutes, then try again. The newest email still works.
    }
error-email-empty = Enter your email address
error-email-malformed = Enter an email address like name@example.com
sent-title = Check your email
sent-lede =
    { $minutes ->
        [one] If <strong>{ $email }</strong> belongs to a { $business } customer, a sign-in link is on its way. It works once, for a minute.
       *[other] If <strong>{ $email }</strong> belongs to a { $business } customer, a sign-in link is on its way. It works once, for { $minutes } minutes.
    }
sent-spam = Look in spam if it is not there in two minutes.
sent-other-device = You can open the link on another device with the code from the email.
sent-again = Send again
# {s} is replaced by the browser as the seconds pass.
sent-again-in = Send again in { "{s}" } s
sent-other-address = Use a different email address
confirm-title = Continue to billing
confirm-lede = You are signing in to { $business } as <strong>{ $email }</strong>.
confirm-other = You are signed in as { $other }
confirm-other-body = Signing in here ends that session.
confirm-code = Six-digit code
confirm-code-hint = You asked for the link in another browser. The code is in the same email.
confirm-remember =
    { $days ->
        [one] Keep me signed in on this device for a day
       *[other] Keep me signed in on this device for { $days } days
    }
confirm-button = Sign in
confirm-not-you = Not you? Close this page. Nobody is signed in until you press the button.
error-code-empty = Enter the six-digit code from the email
error-code-wrong =
    { $left ->
        [0] This is not the code. Ask for a new link.
        [one] This is not the code. You can try once more.
       *[other] This is not the code. You can try { $left } more times.
    }
expired-title = This link no longer works
expired-lede = Sign-in links work once and expire. We can send you a new one.
expired-button = Email me a new link

## Overview

overview-lede = Your subscriptions and payments with { $business }.
next-payment = Next payment
next-payment-none = No payment is planned.
ended-count =
    { $count ->
        [one] 1 ended subscription
       *[other] { $count } ended subscriptions
    }
subscriptions-none = No subscriptions yet. When you subscribe to something from { $business }, it appears here.
recent-payments = Recent payments
recent-payments-none = No payments yet. Invoices appear here after your first payment.
view-billing = View billing history
your-contact = Your contact
problem-on-hold = { $product } is on hold
problem-on-hold-failed = We could not charge { $method } on { $date } because { $reason }. Choose another payment method to pay { $amount } and turn it back on.
problem-on-hold-amount = Pay { $amount } to turn it back on.
problem-on-hold-trial = The trial has ended and there was no payment method. Add one to turn it back on.
problem-on-hold-pay = Update and pay { $amount }
problem-on-hold-add = Turn it back on
problem-failed = A payment for { $product } failed
problem-failed-why = We could not charge { $method } on { $date } because { $reason }.
problem-failed-next = We will try again on { $date }. You can also pay now.
problem-failed-pay = Pay now to keep it running.
problem-confirm = Your bank wants you to confirm { $amount }
problem-confirm-why = The payment for { $product } waits until you do.
problem-confirm-button = Confirm payment
problem-expires = { $method } expires { $month }
problem-expires-why = Replace it so that { $product } renews on { $date }.
problem-expires-button = Replace card
problem-trial = Your trial ends on { $date }
problem-trial-why = Add a payment method to keep { $product }.

## Subscriptions

subscriptions-lede = Everything you have subscribed to at { $business }.
subscriptions-current = Current
subscriptions-ended = Ended
cancel-subscription = Cancel subscription
cancel-trial = Cancel trial
keep-subscription = Keep subscription
ends-title = Ends on { $date }
ends-body = You keep access until then and will not be charged again.
ends-body-trial = You keep access until then and will not be charged.
next-invoice = Next invoice
next-invoice-none = No further invoices.
details = Details
fact-price = Price
fact-quantity = Quantity
fact-addons = Add-ons
fact-started = Started
fact-period = Current period
fact-minimum-term = Minimum term
fact-minimum-term-until = Your contract runs until { $date }.
fact-minimum-term-none = None. You can cancel at any time.
fact-subscription-id = Subscription ID
payments = Payments
payments-for = Payments for { $product }
payment-method = Payment method
subscription-no-method = No payment method yet. Add one so that it can renew.
own-method = Chosen for this subscription.
billing-details = Billing details
choose-method-title = Payment method for { $product }
choose-method-lede = It is charged from the next payment on. Nothing is charged now.
choose-method-default = Your default
choose-method-default-is = Currently { $method }
choose-method-button = Use this method

## Changing plan, quantity and add-ons

change-plan = Change plan
change-title = Change { $product }
change-lede = Nothing changes until you confirm. You see what it costs first.
change-plans = Plans
change-every-day =
    { $count ->
        [one] Billed daily
       *[other] Billed every { $count } days
    }
change-every-week =
    { $count ->
        [one] Billed weekly
       *[other] Billed every { $count } weeks
    }
change-every-month =
    { $count ->
        [one] Billed monthly
       *[other] Billed every { $count } months
    }
change-every-year =
    { $count ->
        [one] Billed yearly
       *[other] Billed every { $count } years
    }
change-current = Current plan
change-upgrade = Upgrade
change-downgrade = Downgrade
change-addon = { $name }: how many
change-addon-hint = { $price } each. 0 removes it.
change-addon-usage = You pay for what you use. 0 removes it.
change-continue = See what it costs
change-error-same = It is like that already
change-error-same-body = Choose another plan or another quantity.
change-error-quantity = This many cannot be had of that. Choose another quantity.
change-error-other_interval = The plan and an add-on are charged at different intervals
change-error-other_interval-body = Set the add-on to 0 to choose that plan.
change-error-not_offered = This is no longer offered
change-error-not_offered-body = Nothing was changed. Choose something else.
change-scheduled = Changes to { $what } on { $date }
change-scheduled-then = From then on { $price }.
change-undo = Undo change
review-title = Change to { $what }
review-lede = You are on { $product } now. Nothing changes until you confirm.
review-later = Changes on { $date }. You keep { $product } until then.
review-trial = It takes effect at once. Your trial continues until { $date }; nothing is charged before.
review-next-invoice = It takes effect at once. The amounts go on your next invoice.
review-used = { $amount } for what was used until now comes with your next invoice.
review-set-off = { $amount } comes off what you still owe for the running period.
review-next-total = Total on your next invoice
review-new-period = It takes effect at once. A new period begins today and ends on { $date }.
review-now-paid = It takes effect as soon as it is paid.
review-now = It takes effect at once.
review-from = From { $date }
review-taxed = including tax
review-no-method = No payment method
review-pay = Pay { $amount } and change plan
review-on = Change on { $date }
review-holds =
    { $minutes ->
        [one] This holds for a minute.
       *[other] This holds for { $minutes } minutes.
    }

## Cancelling

cancel-page-title = Cancel { $product }
cancel-title = Cancel { $product }?
cancel-title-trial = Cancel your trial?
cancel-when = When should it end?
cancel-on = On { $date }
cancel-now = Now
cancel-period-end-means = Keep using it until then. You will not be charged again.
cancel-contract-end-means =
    { $payments ->
        [0] Your contract runs until then.
        [one] Your contract runs until then; 1 payment of { $amount } remains.
       *[other] Your contract runs until then; { $payments } payments of { $amount } remain.
    }
cancel-now-means =
    { $days ->
        [one] Access ends today. The day you have paid for is not refunded.
       *[other] Access ends today. The { $days } days you have paid for are not refunded.
    }
cancel-now-means-today = Access ends today.
cancel-back-refund = We refund { $amount } the way you paid it.
cancel-back-balance = { $amount } goes into your balance and pays your next invoices.
cancel-back-offset = { $amount } comes off what you still owe.
cancel-trial-end-means = Your trial continues until { $date }. You will not be charged.
cancel-trial-now-means = Your trial ends now. You have not been charged.
cancel-unpaid-means = It ends now and we stop trying to charge you.
cancel-unpaid-stop = The open amount of { $amount } stays due.
cancel-unpaid-keep_collecting = The open amount of { $amount } is still charged.
cancel-unpaid-void = You no longer have to pay the open amount of { $amount }.
cancel-unpaid-nothing = Nothing is left to pay.
cancel-ends-on = It ends on <strong>{ $date }</strong>.
cancel-ends-now = It ends now.
cancel-why = Why are you cancelling?
cancel-reason-choose = Choose a reason
cancel-reason-too_expensive = Too expensive
cancel-reason-missing_features = Missing features
cancel-reason-switched_service = Switched to another service
cancel-reason-unused = Not using it enough
cancel-reason-customer_service = Poor customer service
cancel-reason-low_quality = Low quality
cancel-reason-too_complex = Too complex
cancel-reason-other = Other
cancel-comment = Anything else we should know?
cancel-email = We will confirm by email to { $email }.
cancel-undo-until = You can undo this until { $date }.
cancel-no-undo = Ending now cannot be undone.

## Paying

pay-now = Pay now
pay-now-for = { $amount } for { $product }
pay-amount = Pay { $amount }
pay-title = Pay { $amount }
pay-with = Pay with
pay-no-methods = No payment method yet. Add one to pay.
pay-add-other = Add another
pay-safe = You are charged once, even if you press the button twice.
pay-failed = We could not charge { $method }
pay-failed-why = It failed because { $reason }. Nothing was charged. Try again or use another payment method.
pay-no-method = Choose a payment method
pay-under-way = A payment is already under way
pay-under-way-body = Wait a moment. We will tell you here and by email how it went.
pay-changed = The amount has changed from { $from } to { $to }
pay-changed-body = It changed since you opened this page. Check it and confirm again.
reactivate-title = Reactivate { $product }
reactivate-lede = { $product } is on hold since { $date }.
reactivate-lede-reason = { $product } is on hold since { $date } because { $reason }.
reactivate-restarts = A new period begins today; nothing is charged for the one that went by.
reactivate-button = Pay { $amount } and reactivate
progress-title-processing = Paying { $amount }
progress-title-needs_confirmation = Your bank wants you to confirm { $amount }
progress-title-failed = { $amount } was not paid
progress-title-paid = { $amount } paid
progress-processing = We are charging { $amount } to { $method }. This page updates by itself.
progress-slow = It takes longer than usual. We will email you; you can close this page.
progress-confirm = Continue to your bank to confirm the charge to { $method }. Nothing is charged before that.
progress-confirm-button = Continue to your bank
progress-later = Not now
progress-failed = We could not charge { $method } because { $reason }. Nothing was charged.
progress-retry = Try again
progress-paid = We charged { $amount } to { $method }.
progress-next = Next payment: { $date }.
progress-reactivated = { $product } is active again
progress-still-on = You are still on { $product }.
progress-other-method = Use another payment method
progress-view-payment = View payment

## Payment methods

methods-lede = Cards and accounts we may charge for your subscriptions.
methods-none = No payment method yet. Add one so that renewals go through.
methods-safe = Card details go straight to the payment provider. { $business } never sees them.
back-to-methods = Back to payment methods
add-method-title = Add a payment method
method-charged-now = { $amount } will be charged at once
method-charged-now-body = Your subscription is on hold. With the payment method it comes back: a new period begins today and is charged.
add-method-lede = You enter the details at the payment provider and come back here.
add-method-lede-product = It will be used for { $product }. You enter the details at the payment provider and come back here.
add-method-button = Continue to payment provider
add-method-none = No payment method can be added here at the moment. Ask { $business } for help.
add-method-no_kind = Choose a kind of payment method
add-method-provider_down = The payment provider does not answer
add-method-provider_down-body = Nothing was saved or charged. Try again in a few minutes.
add-method-not_finished = You did not finish
add-method-not_finished-body = Nothing was saved.
add-method-refused = Your bank did not confirm this card
add-method-refused-body = Try again or use another one.
setup-title-waiting = Saving your payment method
setup-waiting = We are asking the payment provider. This page updates by itself.
setup-slow = It takes longer than usual. We will email you; you can close this page.
setup-title-verifying = We are checking your account
setup-verifying =
    { $days ->
        [one] This takes up to a day; we will email you.
       *[other] This takes up to { $days } days; we will email you.
    }
setup-title-not_finished = You did not finish
setup-not_finished = Nothing was saved.
setup-title-refused = Your bank did not confirm this card
setup-refused = Nothing was saved. Try again or use another one.
remove-method-title = Remove { $method }?
remove-method-body = It disappears from your list.
remove-method-used =
    { $count ->
        [one] { $products } is charged to it.
       *[other] { $count } subscriptions are charged to it: { $products }.
    }
remove-method-keeps =
    { $count ->
        [one] It keeps using it until you choose another method.
       *[other] They keep using it until you choose another method.
    }
remove-method-default =
    { $count ->
        [one] It will use your default, { $method }.
       *[other] They will use your default, { $method }.
    }
remove-method-blocked = Add another payment method first. { $product } renews on { $date }.

## Billing history and one payment

billing-lede = Every payment, with its invoice.
billing-attention =
    { $count ->
        [one] 1 payment needs your attention.
       *[other] { $count } payments need your attention.
    }
billing-filter = Filter payments
billing-filter-all = All
billing-filter-paid = Paid
billing-filter-failed = Open
billing-none-all = No payments yet. Invoices appear here after your first payment.
billing-none-paid = No paid payments.
billing-none-failed = No open payments. Everything is paid.
billing-pages = Pages
billing-range = { $first }–{ $last } of { $total }
billing-older = Older payments
billing-newer = Newer payments
column-date = Date
column-description = Description
column-period = Period
column-method = Payment method
column-status = Status
column-amount = Amount
column-actions = Actions
invoice-number = Invoice { $number }
payment-details = Payment details
payment-details-text = Payment details as text
copy-details = Copy details
detail-business = Business
detail-description = Description
detail-date = Date
detail-amount = Amount
detail-status = Status
detail-method = Paid with
detail-invoice = Invoice
detail-payment-id = Payment ID
detail-customer = Customer
attempts = Payment attempts
attempts-none = Nothing was charged yet.
attempts-next = We will try again on { $date }.
attempt-succeeded = Paid
attempt-processing = Processing
attempt-needs_confirmation = Needs confirmation
attempt-failed = Failed
attempt-cancelled = Stopped
attempt-failed-because = { $date }, because { $reason }

## Addresses

addresses-title = Billing addresses
addresses-lede = The default is used for new subscriptions and invoices.
addresses-none = No billing address yet. Add one to get complete invoices.
address-add = Add address
address-edit = Edit address
address-save = Save address
field-country = Country
field-country-choose = Choose a country
field-name = Name
field-company = Company
field-line1 = Street and number
field-line2 = Address line 2
field-postal-code = Postal code
field-city = City
field-region = State or region
field-tax-id = Tax ID
field-tax-id-hint = With its country prefix, for example DE123456789. It is printed on your invoices.
field-phone = Phone
error-country = Choose a country
error-name = Enter a name
error-line1 = Enter a street and number
error-postal-code = Enter a postal code, for example 10969
error-city = Enter a city
error-tax-id = This does not look like a tax ID of that country
error-phone = Enter a phone number like +49 30 123456
error-language = Choose one of the languages in the list
error-too-long = This is too long
remove-address-title = Remove this address?
remove-address-body = Invoices that exist already keep it.
remove-address-blocked = It is your default. Make another address the default first.

## Profile, contact

profile-lede = How { $business } reaches you.
profile-language-hint = For this portal and for emails.
profile-save = Save
profile-marketing = News and offers by email
profile-marketing-hint = Receipts and notices about your payments are always sent.
unsubscribe-title = No more news and offers
unsubscribe-lede = { $business } stops sending news and offers to { $email }.
unsubscribe-done = { $email } gets no more news and offers. You can change that in your profile.
unsubscribe-button = Stop news and offers
sessions = Signed in on
session-this = This device
session-unknown = Unknown device
session-since = Since { $date }
sessions-revoke = Sign out everywhere else
contact-lede = Your contact at { $business }.
contact-email = Email

## Notices after an action

notice-signed-out = You are signed out.
notice-session-ended = Your session has ended
notice-session-ended-body = Sign in again to continue.
notice-cancellation-scheduled = { $product } ends on { $date }
notice-cancellation-scheduled-body = We have sent a confirmation to { $email }.
notice-cancelled = { $product } has ended
notice-cancelled-body = We have sent a confirmation to { $email }.
notice-uncancelled = { $product } continues
notice-uncancelled-body = It renews on { $date } for { $amount }.
notice-already-cancelled = This subscription was already cancelled on { $date }
notice-already-cancelled-body = Nothing was changed.
notice-outdated = Something has changed since you opened that page
notice-outdated-body = Nothing was done. Check what it says now and confirm again.
notice-plan-changed = You are on { $what }
notice-change-scheduled = Changes to { $what } on { $date }
notice-change-scheduled-body = You can undo this until then.
notice-change-undone = { $product } goes on as it is
notice-change-not-now = This has to wait a moment
notice-change-not-now-body = A payment is under way or a new period is about to begin. Nothing was changed; try again in a few minutes.
notice-not-changeable = This subscription cannot be changed as it stands
notice-not-changeable-body = It has ended or is going to, or something is still to be paid. Nothing was changed.
notice-nothing-to-give-back = Pay your last invoice before you make this change
notice-nothing-to-give-back-body = The change would give back a part of what is not paid yet. Nothing was changed.
notice-method-added = { $method } added
notice-method-added-default = { $method } added
notice-method-added-default-body = It is now your default.
notice-method-known = This payment method is already in your list
notice-default-method-set = { $method } is now your default
notice-default-method-set-body = It will be used for all subscriptions that do not have their own payment method.
notice-method-removed = { $method } removed
notice-subscription-method-set = { $product } is now charged to { $method }
notice-paid = Paid
notice-paid-body = We charged { $amount } to { $method }.
notice-nothing-due = Nothing is left to pay
notice-nothing-due-body = This invoice was already paid or cancelled.
notice-address-saved = Address saved
notice-address-saved-body = Invoices from now on use it; existing ones do not change.
notice-address-removed = Address removed
notice-default-address-set = Default address changed
notice-default-address-set-body = Invoices from now on use this address; existing ones do not change.
notice-profile-saved = Saved
notice-sessions-revoked = Signed out everywhere else
notice-clock-advanced = The clock shows { $date }
notice-clock-advanced-body = Everything that was due until then has been done.

## Error pages

fault-not_found = Page not found
fault-not_found-body = The address may be mistyped, or the item belongs to another account.
fault-gone = This link no longer works
fault-gone-body = It has expired or was used before. Sign in to find what you were looking for.
fault-stale_form = This page was open for too long
fault-stale_form-body = Nothing was changed. Go back, reload the page and try again.
fault-invalid = We could not read that
fault-invalid-body = Nothing was changed. Go back and try again.
fault-too_many_requests = Too many requests
fault-too_many_requests-body =
    { $seconds ->
        [one] Wait a second, then try again.
       *[other] Wait { $seconds } seconds, then try again.
    }
fault-internal = Something went wrong on our side
fault-internal-safe = Nothing was charged. Try again; if it happens again, quote { $request_id }.
fault-internal-unsure = Check your billing history before you try again. If it happens again, quote { $request_id }.
fault-provider = The payment provider does not answer
fault-provider-body = Nothing was charged. Try again in a few minutes.
fault-money_paused = Payments are paused
fault-money_paused-body = Nothing was charged, and nothing is lost: what is due stays as it is. Try again later.
fault-maintenance = Back shortly
fault-maintenance-body = We are working on this page. Try again in a few minutes.
fault-no_tenant = No portal here
fault-no_tenant-body = Check the address. If it is right, ask the business that gave it to you.

included = Included
benefit-withheld = Not available now
license-revoked = Revoked
license-show = Show
license-devices-of = Active on { $count } of { $limit } devices
license-devices =
    { $count ->
        [one] Active on { $count } device
       *[other] Active on { $count } devices
    }
notice-device-removed = Device removed
notice-device-removed-body = { $device } loses access.
