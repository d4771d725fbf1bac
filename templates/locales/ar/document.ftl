# Invoices, credit notes and receipts (PDF).

document-invoice = فاتورة
document-credit-note = إشعار دائن
document-receipt = إيصال

document-number = رقم الفاتورة
document-credit-note-number = رقم الإشعار الدائن
document-receipt-number = رقم الإيصال
document-issued = تاريخ الإصدار
document-due = تاريخ الاستحقاق
document-service = فترة الخدمة
document-invoice-date = تاريخ الفاتورة
document-payment-date = تاريخ الدفع
document-payment-method = طريقة الدفع

document-from = من
document-to = إلى
document-vat-id = الرقم الضريبي { $id }

document-headline = { $amount } مستحقة
document-headline-due = { $amount } مستحقة في { $date }
document-headline-paid = { $amount } مدفوعة في { $date }
document-headline-nothing = لا يوجد مبلغ مستحق
document-headline-credit = { $amount } رصيد دائن

document-description = الوصف
document-quantity = الكمية
document-unit-price = سعر الوحدة
document-vat = الضريبة
document-amount = المبلغ

document-subtotal = المجموع الفرعي
document-discount = الخصم
document-tax = ضريبة القيمة المضافة { $rate } على { $amount }
document-tax-included = يشمل ضريبة القيمة المضافة { $rate } على { $amount }
document-tax-reverse = ضريبة القيمة المضافة { $rate } (احتساب عكسي)
document-total = الإجمالي
document-total-credited = إجمالي المبلغ المقيد لك
document-credit = الرصيد المستخدم
document-paid = المدفوع
document-paid-earlier = مدفوع سابقًا
document-received = الدفعة المستلمة
document-owed = المبلغ المستحق

document-paid-with = تم الدفع في { $date } بواسطة { $method }. شكرًا لك.
document-paid-on = تم الدفع في { $date }. شكرًا لك.
document-reverse-charge = آلية الاحتساب العكسي (Reverse charge): يتحمل المتلقي ضريبة القيمة المضافة، بموجب Article 196, Directive 2006/112/EC.
document-for-invoice = الفاتورة { $number } بتاريخ { $date }
document-no-invoice = يؤكد هذا الإيصال دفعتك. ضريبة القيمة المضافة مبينة في الفاتورة.
document-page = صفحة { $page } من { $pages }

## Credit notes: what they amend, why, and where the money goes

document-corrects = يعدّل هذا الإشعار الدائن الفاتورة { $number } بتاريخ { $date }.
document-reason = السبب: { $reason }
document-reason-plan_change = تغيير الخطة
document-reason-cancellation = إلغاء الاشتراك
document-reason-withdrawal = الانسحاب من العقد
document-reason-lapsed = فترة بدون خدمة
document-reason-duplicate = فوترة مكررة
document-reason-correction = تصحيح الفاتورة
document-reason-unsatisfactory = الخدمة ليست كما وُعد
document-reason-fraud = دفعة لم تقم بها
document-reason-goodwill = تعويض ودّي

document-to-offset = لم يعد المبلغ { $amount } مستحقًا على الفاتورة { $number }.
document-refunded = يُعاد المبلغ { $amount } بطريقة الدفع الأصلية.
document-refunded-to = يُعاد المبلغ { $amount } إلى { $method }.
document-to-balance = يُضاف المبلغ { $amount } إلى رصيدك ويُستخدم لفواتيرك القادمة.

## Pages and mails say these, too

period = { $from } إلى { $to }
method-card = بطاقة
method-sepa = الخصم المباشر SEPA
method-paypal = PayPal
method-bank-transfer = تحويل مصرفي
method-other = طريقة الدفع
