# Rechnungen, Rechnungskorrekturen und Zahlungsbelege (PDF).

document-invoice = Rechnung
document-credit-note = Rechnungskorrektur
document-receipt = Zahlungsbeleg

document-number = Rechnungsnummer
document-credit-note-number = Korrekturnummer
document-receipt-number = Belegnummer
document-issued = Ausstellungsdatum
document-due = Fällig am
document-service = Leistungszeitraum
document-invoice-date = Rechnungsdatum
document-payment-date = Zahlungsdatum
document-payment-method = Zahlungsmethode

document-from = Rechnungssteller
document-to = Rechnungsempfänger
document-vat-id = USt-IdNr. { $id }

document-headline = { $amount } offen
document-headline-due = { $amount } fällig am { $date }
document-headline-paid = { $amount } bezahlt am { $date }
document-headline-nothing = Nichts zu bezahlen
document-headline-credit = { $amount } gutgeschrieben

document-description = Beschreibung
document-quantity = Menge
document-unit-price = Einzelpreis
document-vat = USt.
document-amount = Betrag

document-subtotal = Zwischensumme
document-discount = Rabatt
document-tax = USt. { $rate } auf { $amount }
document-tax-included = Enthaltene USt. { $rate } auf { $amount }
document-tax-reverse = USt. { $rate } (Reverse Charge)
document-total = Gesamtbetrag
document-total-credited = Korrektur gesamt
document-credit = Angerechnetes Guthaben
document-paid = Bezahlt
document-paid-earlier = Früher bezahlt
document-received = Zahlungseingang
document-owed = Offener Betrag

document-paid-with = Bezahlt am { $date } mit { $method }. Vielen Dank.
document-paid-on = Bezahlt am { $date }. Vielen Dank.
document-reverse-charge = Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge, Artikel 196 der Richtlinie 2006/112/EG).
document-for-invoice = Rechnung { $number } vom { $date }
document-no-invoice = Dieser Beleg bestätigt Ihre Zahlung. Die Umsatzsteuer weist die Rechnung aus.
document-page = Seite { $page } von { $pages }

## Rechnungskorrekturen: was sie berichtigen, warum, und wohin das Geld geht

document-corrects = Diese Rechnungskorrektur berichtigt die Rechnung { $number } vom { $date }.
document-reason = Grund: { $reason }
document-reason-plan_change = Tarifwechsel
document-reason-cancellation = Kündigung
document-reason-withdrawal = Widerruf des Vertrags
document-reason-lapsed = Zeitraum ohne Leistung
document-reason-duplicate = doppelt berechnet
document-reason-correction = Korrektur der Rechnung
document-reason-unsatisfactory = Leistung nicht wie vereinbart
document-reason-fraud = Zahlung nicht von Ihnen
document-reason-goodwill = Kulanz

document-to-offset = { $amount } der Rechnung { $number } müssen nicht mehr bezahlt werden.
document-refunded = { $amount } werden auf dem Zahlungsweg der Rechnung erstattet.
document-refunded-to = { $amount } werden erstattet an { $method }.
document-to-balance = { $amount } kommen auf Ihr Guthaben und werden mit den nächsten Rechnungen verrechnet.

## Das sagen auch Seiten und Mails

period = { $from } bis { $to }
method-card = Karte
method-sepa = SEPA-Lastschrift
method-paypal = PayPal
method-bank-transfer = Überweisung
method-other = Zahlungsmethode
