# Invoices, credit notes and receipts (PDF).

document-invoice = 請求書
document-credit-note = クレジットノート
document-receipt = 領収書

document-number = 請求書番号
document-credit-note-number = クレジットノート番号
document-receipt-number = 領収書番号
document-issued = 発行日
document-due = 支払期限
document-service = サービス期間
document-invoice-date = 請求日
document-payment-date = 支払日
document-payment-method = 支払方法

document-from = 発行者
document-to = 請求先
document-vat-id = VAT番号 { $id }

document-headline = お支払い金額 { $amount }
document-headline-due = { $amount }（支払期限 { $date }）
document-headline-paid = { $amount }（{ $date } 支払済み）
document-headline-nothing = お支払いは不要です
document-headline-credit = { $amount } を減額

document-description = 内容
document-quantity = 数量
document-unit-price = 単価
document-vat = 税率
document-amount = 金額

document-subtotal = 小計
document-discount = 割引
document-tax = VAT { $rate }（対象額 { $amount }）
document-tax-included = うちVAT { $rate }（対象額 { $amount }）
document-tax-reverse = VAT { $rate }（リバースチャージ）
document-total = 合計
document-total-credited = 減額合計
document-credit = 残高からの充当
document-paid = 支払済み
document-paid-earlier = 以前の支払い
document-received = 領収金額
document-owed = 未払額

document-paid-with = { $date } に { $method } でお支払いいただきました。ありがとうございます。
document-paid-on = { $date } にお支払いいただきました。ありがとうございます。
document-reverse-charge = リバースチャージ（Reverse charge）：VATの納税義務者は受領者です（指令 2006/112/EC 第196条）。
document-for-invoice = { $date } 付の請求書 { $number }
document-no-invoice = 本書は代金の領収を証明するものです。VATは請求書に記載されています。
document-page = { $page } / { $pages } ページ

## Credit notes: what they amend, why, and where the money goes

document-corrects = 本書は { $date } 付の請求書 { $number } を訂正するものです。
document-reason = 理由：{ $reason }
document-reason-plan_change = プランの変更
document-reason-cancellation = 解約
document-reason-withdrawal = 契約の撤回
document-reason-lapsed = サービス提供のない期間
document-reason-duplicate = 二重請求
document-reason-correction = 請求書の訂正
document-reason-unsatisfactory = 約束と異なるサービス
document-reason-fraud = ご本人によらない支払い
document-reason-goodwill = ご厚意による減額

document-to-offset = 請求書 { $number } のうち { $amount } はお支払い不要になりました。
document-refunded = { $amount } をお支払いと同じ方法で返金します。
document-refunded-to = { $amount } を { $method } に返金します。
document-to-balance = { $amount } を残高に加え、次回以降の請求に充当します。

## Pages and mails say these, too

period = { $from }～{ $to }
method-card = カード
method-sepa = SEPA口座振替
method-paypal = PayPal
method-bank-transfer = 銀行振込
method-other = 支払方法
