# Invoices, credit notes and receipts (PDF).

document-invoice = חשבונית
document-credit-note = חשבונית זיכוי
document-receipt = קבלה

document-number = מספר חשבונית
document-credit-note-number = מספר חשבונית זיכוי
document-receipt-number = מספר קבלה
document-issued = תאריך הפקה
document-due = מועד לתשלום
document-service = תקופת השירות
document-invoice-date = תאריך החשבונית
document-payment-date = תאריך התשלום
document-payment-method = אמצעי תשלום

document-from = מאת
document-to = לכבוד
document-vat-id = מספר מע״מ { $id }

document-headline = { $amount } לתשלום
document-headline-due = { $amount } לתשלום עד { $date }
document-headline-paid = { $amount } שולמו ב־{ $date }
document-headline-nothing = אין יתרה לתשלום
document-headline-credit = { $amount } זוכו

document-description = תיאור
document-quantity = כמות
document-unit-price = מחיר יחידה
document-vat = מע״מ
document-amount = סכום

document-subtotal = סכום ביניים
document-discount = הנחה
document-tax = מע״מ { $rate } על { $amount }
document-tax-included = כולל מע״מ { $rate } על { $amount }
document-tax-reverse = מע״מ { $rate } (חיוב הפוך)
document-total = סך הכול
document-total-credited = סך הזיכוי
document-credit = יתרת זכות שנוצלה
document-paid = שולם
document-paid-earlier = שולם קודם
document-received = תשלום שהתקבל
document-owed = יתרה לתשלום

document-paid-with = שולם ב־{ $date } באמצעות { $method }. תודה.
document-paid-on = שולם ב־{ $date }. תודה.
document-reverse-charge = חיוב הפוך (Reverse charge): המע״מ חל על מקבל השירות, לפי Article 196, Directive 2006/112/EC.
document-for-invoice = חשבונית { $number } מיום { $date }
document-no-invoice = קבלה זו מאשרת את התשלום. המע״מ מפורט בחשבונית.
document-page = עמוד { $page } מתוך { $pages }

## Credit notes: what they amend, why, and where the money goes

document-corrects = חשבונית זיכוי זו מתקנת את חשבונית { $number } מיום { $date }.
document-reason = סיבה: { $reason }
document-reason-plan_change = שינוי תוכנית
document-reason-cancellation = ביטול המינוי
document-reason-withdrawal = ביטול העסקה
document-reason-lapsed = תקופה ללא שירות
document-reason-duplicate = חיוב כפול
document-reason-correction = תיקון החשבונית
document-reason-unsatisfactory = השירות לא היה כמובטח
document-reason-fraud = תשלום שלא בוצע על ידך
document-reason-goodwill = מחווה של רצון טוב

document-to-offset = הסכום { $amount } אינו לתשלום עוד בחשבונית { $number }.
document-refunded = הסכום { $amount } יוחזר בדרך שבה שולם.
document-refunded-to = הסכום { $amount } יוחזר אל { $method }.
document-to-balance = הסכום { $amount } נוסף ליתרת הזכות וישמש לחשבוניות הבאות.

## Pages and mails say these, too

period = { $from } עד { $to }
method-card = כרטיס
method-sepa = הוראת קבע SEPA
method-paypal = PayPal
method-bank-transfer = העברה בנקאית
method-other = אמצעי תשלום
