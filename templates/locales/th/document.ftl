# Invoices, credit notes and receipts (PDF).

document-invoice = ใบแจ้งหนี้
document-credit-note = ใบลดหนี้
document-receipt = ใบเสร็จรับเงิน

document-number = เลขที่ใบแจ้งหนี้
document-credit-note-number = เลขที่ใบลดหนี้
document-receipt-number = เลขที่ใบเสร็จ
document-issued = วันที่ออก
document-due = ครบกำหนดชำระ
document-service = ช่วงเวลาให้บริการ
document-invoice-date = วันที่ใบแจ้งหนี้
document-payment-date = วันที่ชำระเงิน
document-payment-method = วิธีชำระเงิน

document-from = ผู้ออก
document-to = เรียกเก็บจาก
document-vat-id = เลขประจำตัวผู้เสียภาษี VAT { $id }

document-headline = ยอดค้างชำระ { $amount }
document-headline-due = { $amount } ครบกำหนด { $date }
document-headline-paid = { $amount } ชำระแล้วเมื่อ { $date }
document-headline-nothing = ไม่มียอดต้องชำระ
document-headline-credit = ลดหนี้ { $amount }

document-description = รายการ
document-quantity = จำนวน
document-unit-price = ราคาต่อหน่วย
document-vat = VAT
document-amount = จำนวนเงิน

document-subtotal = ยอดรวมย่อย
document-discount = ส่วนลด
document-tax = VAT { $rate } ของ { $amount }
document-tax-included = รวม VAT { $rate } ของ { $amount }
document-tax-reverse = VAT { $rate } (reverse charge)
document-total = ยอดรวม
document-total-credited = ยอดลดหนี้รวม
document-credit = ใช้ยอดเครดิตคงเหลือ
document-paid = ชำระแล้ว
document-paid-earlier = ชำระก่อนหน้านี้
document-received = ยอดที่ได้รับชำระ
document-owed = ยอดค้างชำระ

document-paid-with = ชำระเมื่อ { $date } ด้วย { $method } ขอบคุณ
document-paid-on = ชำระเมื่อ { $date } ขอบคุณ
document-reverse-charge = Reverse charge: ผู้รับบริการเป็นผู้มีหน้าที่ชำระ VAT (มาตรา 196 ของ Directive 2006/112/EC)
document-for-invoice = ใบแจ้งหนี้ { $number } ลงวันที่ { $date }
document-no-invoice = ใบเสร็จนี้ยืนยันการชำระเงินของคุณ รายละเอียด VAT อยู่ในใบแจ้งหนี้
document-page = หน้า { $page } จาก { $pages }

## Credit notes: what they amend, why, and where the money goes

document-corrects = ใบลดหนี้นี้แก้ไขใบแจ้งหนี้ { $number } ลงวันที่ { $date }
document-reason = เหตุผล: { $reason }
document-reason-plan_change = เปลี่ยนแพ็กเกจ
document-reason-cancellation = ยกเลิกการสมัคร
document-reason-withdrawal = บอกเลิกสัญญา
document-reason-lapsed = ช่วงที่ไม่ได้ให้บริการ
document-reason-duplicate = เรียกเก็บซ้ำ
document-reason-correction = แก้ไขใบแจ้งหนี้
document-reason-unsatisfactory = บริการไม่เป็นไปตามที่ตกลง
document-reason-fraud = การชำระเงินที่ไม่ได้มาจากคุณ
document-reason-goodwill = ส่วนลดพิเศษเพื่อความพึงพอใจ

document-to-offset = ไม่ต้องชำระ { $amount } ของใบแจ้งหนี้ { $number } อีกต่อไป
document-refunded = คืนเงิน { $amount } ผ่านช่องทางที่ชำระไว้
document-refunded-to = คืนเงิน { $amount } ไปยัง { $method }
document-to-balance = เพิ่ม { $amount } ในยอดเครดิตของคุณ เพื่อใช้กับใบแจ้งหนี้ถัดไป

## Pages and mails say these, too

period = { $from } ถึง { $to }
method-card = บัตร
method-sepa = หักบัญชีอัตโนมัติ SEPA
method-paypal = PayPal
method-bank-transfer = โอนเงินผ่านธนาคาร
method-other = วิธีชำระเงิน
