# Die Worte des Portals auf Deutsch. Aufbau und Regeln: siehe en/portal.ftl.

## Überall

add = Hinzufügen
back = Zurück
back-to-business = Zurück zu { $business }
change = Ändern
change-method = (Zahlungsmethode)
copied = Kopiert
edit = Bearbeiten
email-address = E-Mail-Adresse
error-summary = Bitte prüfen Sie Ihre Angaben
error-title = Fehler:
go-to-overview = Zur Übersicht
help = Hilfe
invoice = Rechnung
receipt = Quittung
keep = Behalten
language = Sprache
language-is = Sprache:{" "}
make-default = Als Standard
manage = Verwalten
optional = (freiwillig)
privacy = Datenschutz
remove = Entfernen
replace = Ersetzen
sign-in = Anmelden
sign-out = Abmelden
skip-to-content = Zum Inhalt springen
terms = AGB
try-again = Erneut versuchen
view = Ansehen

## Navigation

nav-label = Abrechnung
nav-menu = Menü
nav-overview = Übersicht
nav-subscriptions = Abonnements
nav-payment_methods = Zahlungsmethoden
nav-billing = Zahlungsverlauf
nav-addresses = Adressen
nav-profile = Profil
nav-contact = Kontakt

## Testmodus

test-mode = Testmodus
test-clock = Die Uhr zeigt den { $date }.
test-advance = Vorstellen um
test-day = 1 Tag
test-week = 1 Woche
test-month = 1 Monat
test-mailbox = Postfach

## Preise, Zeiträume, Steuern

price-day =
    { $count ->
        [one] { $amount } pro Tag
       *[other] { $amount } alle { $count } Tage
    }
price-week =
    { $count ->
        [one] { $amount } pro Woche
       *[other] { $amount } alle { $count } Wochen
    }
price-month =
    { $count ->
        [one] { $amount } pro Monat
       *[other] { $amount } alle { $count } Monate
    }
price-year =
    { $count ->
        [one] { $amount } pro Jahr
       *[other] { $amount } alle { $count } Jahre
    }
tax-vat = USt.
tax-id-is = USt-IdNr. { $id }
bill-total = Gesamt
bill-total-today = Heute gesamt
bill-to-charge = Wird abgebucht
due-today = Heute fällig
paid-with = Bezahlt mit
in-days =
    { $days ->
        [0] heute
        [1] morgen
       *[other] in { $days } Tagen
    }
bill-due = Noch zu zahlen
bill-charged = Abgebucht
settled-balance = Aus Ihrem Guthaben bezahlt
settled-brought_forward = Aus einer früheren Rechnung übertragen
settled-carried_forward = Auf die nächste Rechnung übertragen
settled-credit_note = Durch Gutschrift zurückgenommen
settled-to_balance = Bleibt als Guthaben für die nächsten Rechnungen
settled-refunded = Wird auf Ihrem Zahlungsweg erstattet
settled-charged = Bereits bezahlt

## Warum dieser Betrag? Die Wörter von domain::invoice::formula, mit dem, was bei jeder Position gespeichert ist

why-title = Warum dieser Betrag?
why-full = Voller Preis: { $quantity } × { $unit } = { $amount }
why-share-discount = Der ganze Zeitraum: { $full } abzüglich { $discount } Rabatt = { $net }
why-prorated-charge-seconds = Ein Anteil von { $part } an { $whole }, bei { $full } für das Ganze: { $amount }
why-prorated-charge-days =
    { $whole ->
        [one] { $part } von { $whole } Tag, bei { $full } für das Ganze: { $amount }
       *[other] { $part } von { $whole } Tagen, bei { $full } für das Ganze: { $amount }
    }
why-prorated-credit-seconds = Nicht genutzt: ein Anteil von { $part } an { $whole }, berechnet mit { $full } für das Ganze: { $amount }
why-prorated-credit-days =
    { $whole ->
        [one] Nicht genutzt: { $part } von { $whole } Tag, berechnet mit { $full } für das Ganze: { $amount }
       *[other] Nicht genutzt: { $part } von { $whole } Tagen, berechnet mit { $full } für das Ganze: { $amount }
    }
why-share-capped = Frühere Gutschriften haben davon { $amount } übrig gelassen.
why-usage-sum = { $quantity } insgesamt genutzt, davon { $included } inklusive: { $amount }
why-usage-max = höchstens { $quantity } genutzt, davon { $included } inklusive: { $amount }
why-usage-last = { $quantity } am Ende des Zeitraums, davon { $included } inklusive: { $amount }
why-usage-unique-count = { $quantity } verschiedene, davon { $included } inklusive: { $amount }
why-usage-tier = { $quantity } × { $unit }
why-percent-off = { $percent } Rabatt auf { $of }: { $amount }
why-amount-off = Rabatt: { $amount }
why-carry-forward = Aus einer früheren Rechnung, die zum Abbuchen zu klein war: { $amount }
why-balance = Aus Ihrem Guthaben bezahlt: { $amount }
why-contained-tax = Darin enthalten sind { $percent } Steuer: { $gross } abzüglich { $tax } = { $net }
why-tax = Auf { $net } vor Steuern
duration-days =
    { $days ->
        [one] { $days } Tag
       *[other] { $days } Tagen
    }
duration-days-clock =
    { $days ->
        [0] { $clock } Stunden
        [one] { $days } Tag { $clock } Stunden
       *[other] { $days } Tagen { $clock } Stunden
    }

## Zahlungsmethoden nach Art

method-add = Zahlungsmethode hinzufügen
method-expires = Gültig bis { $month }
method-expired = Abgelaufen { $month }
method-failed-on = Fehlgeschlagen am { $date }
method-used-for = Verwendet für { $products }
kind-card = Karte
kind-card-hint = Ihre Bank bittet Sie eventuell um Bestätigung
kind-sepa = SEPA-Lastschrift
kind-sepa-hint = Von einem Euro-Bankkonto
kind-paypal = PayPal
kind-paypal-hint = Weiter auf paypal.com
kind-bank-transfer = Überweisung
kind-bank-transfer-hint = Sie überweisen von Ihrer Bank aus
kind-other = { $provider }
kind-other-hint = Weiter bei { $provider }

## Warum eine Abbuchung scheiterte: "..., weil ..."

reason-declined = Ihre Bank die Zahlung abgelehnt hat
reason-expired_card = die Karte abgelaufen ist
reason-insufficient_funds = das Guthaben nicht ausgereicht hat
reason-authentication_required = Ihre Bank eine Bestätigung von Ihnen verlangt
reason-processing_error = es beim Zahlungsanbieter ein Problem gab
reason-other = die Zahlung nicht ausgeführt wurde

## Kennzeichen

badge-active = Aktiv
badge-default = Standard
badge-ended = Beendet
badge-ends = Endet am { $date }
badge-expired = Abgelaufen
badge-expires-soon = Läuft bald ab
badge-needs-confirmation = Bestätigung nötig
badge-on-hold = Angehalten
badge-paused = Pausiert
badge-payment-failed = Zahlung fehlgeschlagen
badge-starting = Beginnt
badge-trial = Testphase
badge-trial-ends = Testphase endet am { $date }
status-paid = Bezahlt
status-processing = In Bearbeitung
status-due = Fällig
status-failed = Fehlgeschlagen
status-refunded = Erstattet
status-partly_refunded = Teilweise erstattet
status-void = Storniert

## Die Zeile unter dem Namen eines Abonnements

line-active = { $price } · Verlängert sich am { $date }
line-ending = Endet am { $date } · Es wird nichts mehr abgebucht
line-trial = Kostenlos bis { $date } · Danach { $price }
line-trial-ending = Kostenlos bis { $date } · Danach endet es
line-past-due = { $amount } überfällig seit { $since }
line-past-due-next = { $amount } überfällig seit { $since } · Nächster Versuch am { $date }
line-on-hold = { $price } · { $amount } überfällig seit { $since }
line-on-hold-trial = { $price } · Wartet seit { $since } auf eine Zahlungsmethode
line-paused = Läuft weiter ab { $date }
line-paused-open = Pausiert, bis Sie es fortsetzen
line-incomplete = Wartet auf Ihre erste Zahlung
line-ended = Beendet am { $date }

## Anmelden

sign-in-title = Bei der Abrechnung anmelden
sign-in-lede = Geben Sie die E-Mail-Adresse ein, die Sie bei { $business } verwenden. Wir senden Ihnen einen Link; ein Passwort gibt es nicht.
sign-in-button = Anmeldelink per E-Mail senden
sign-in-hint = Etwas gekauft, aber noch nie angemeldet? Verwenden Sie die E-Mail-Adresse auf Ihrer Quittung.
sign-in-mail-down = Wir können gerade keine E-Mails versenden
sign-in-mail-down-body = Versuchen Sie es in einigen Minuten erneut.
sign-in-too-many = Sie haben mehrere Links angefordert
sign-in-too-many-body =
    { $minutes ->
        [one] Warten Sie eine Minute und versuchen Sie es dann erneut. Die neueste E-Mail gilt weiterhin.
       *[other] Warten Sie { $minutes } Minuten und versuchen Sie es dann erneut. Die neueste E-Mail gilt weiterhin.
    }
error-email-empty = Geben Sie Ihre E-Mail-Adresse ein
error-email-malformed = Geben Sie eine E-Mail-Adresse wie name@example.com ein
sent-title = Prüfen Sie Ihr Postfach
sent-lede =
    { $minutes ->
        [one] Wenn <strong>{ $email }</strong> zu einem Kundenkonto von { $business } gehört, ist ein Anmeldelink unterwegs. Er gilt einmal und eine Minute lang.
       *[other] Wenn <strong>{ $email }</strong> zu einem Kundenkonto von { $business } gehört, ist ein Anmeldelink unterwegs. Er gilt einmal und { $minutes } Minuten lang.
    }
sent-spam = Sehen Sie im Spam-Ordner nach, wenn er nach zwei Minuten nicht da ist.
sent-other-device = Sie können den Link mit dem Code aus der E-Mail auch auf einem anderen Gerät öffnen.
sent-again = Erneut senden
# {s} ersetzt der Browser, während die Sekunden vergehen.
sent-again-in = Erneut senden in { "{s}" } s
sent-other-address = Andere E-Mail-Adresse verwenden
confirm-title = Weiter zur Abrechnung
confirm-lede = Sie melden sich bei { $business } als <strong>{ $email }</strong> an.
confirm-other = Sie sind als { $other } angemeldet
confirm-other-body = Wenn Sie sich hier anmelden, endet jene Sitzung.
confirm-code = Sechsstelliger Code
confirm-code-hint = Sie haben den Link in einem anderen Browser angefordert. Der Code steht in derselben E-Mail.
confirm-remember =
    { $days ->
        [one] Auf diesem Gerät einen Tag angemeldet bleiben
       *[other] Auf diesem Gerät { $days } Tage angemeldet bleiben
    }
confirm-button = Anmelden
confirm-not-you = Das sind nicht Sie? Schließen Sie diese Seite. Erst der Knopf meldet an.
error-code-empty = Geben Sie den sechsstelligen Code aus der E-Mail ein
error-code-wrong =
    { $left ->
        [0] Dieser Code stimmt nicht. Fordern Sie einen neuen Link an.
        [one] Dieser Code stimmt nicht. Sie haben noch einen Versuch.
       *[other] Dieser Code stimmt nicht. Sie haben noch { $left } Versuche.
    }
expired-title = Dieser Link gilt nicht mehr
expired-lede = Anmeldelinks gelten nur einmal und laufen ab. Wir können Ihnen einen neuen senden.
expired-button = Neuen Link per E-Mail senden

## Übersicht

overview-lede = Ihre Abonnements und Zahlungen bei { $business }.
next-payment = Nächste Zahlung
next-payment-none = Es ist keine Zahlung geplant.
ended-count =
    { $count ->
        [one] 1 beendetes Abonnement
       *[other] { $count } beendete Abonnements
    }
subscriptions-none = Noch keine Abonnements. Sobald Sie bei { $business } etwas abonnieren, erscheint es hier.
recent-payments = Letzte Zahlungen
recent-payments-none = Noch keine Zahlungen. Nach Ihrer ersten Zahlung erscheinen die Rechnungen hier.
view-billing = Zahlungsverlauf ansehen
your-contact = Ihr Kontakt
problem-on-hold = { $product } ist angehalten
problem-on-hold-failed = Wir konnten { $method } am { $date } nicht belasten, weil { $reason }. Wählen Sie eine andere Zahlungsmethode, um { $amount } zu bezahlen und das Abonnement fortzusetzen.
problem-on-hold-amount = Bezahlen Sie { $amount }, um das Abonnement fortzusetzen.
problem-on-hold-trial = Die Testphase ist zu Ende, und es war keine Zahlungsmethode hinterlegt. Fügen Sie eine hinzu, um das Abonnement fortzusetzen.
problem-on-hold-pay = Aktualisieren und { $amount } bezahlen
problem-on-hold-add = Abonnement fortsetzen
problem-failed = Eine Zahlung für { $product } ist fehlgeschlagen
problem-failed-why = Wir konnten { $method } am { $date } nicht belasten, weil { $reason }.
problem-failed-next = Am { $date } versuchen wir es erneut. Sie können auch jetzt bezahlen.
problem-failed-pay = Bezahlen Sie jetzt, damit das Abonnement weiterläuft.
problem-confirm = Ihre Bank bittet Sie, { $amount } zu bestätigen
problem-confirm-why = Bis dahin wartet die Zahlung für { $product }.
problem-confirm-button = Zahlung bestätigen
problem-expires = { $method } läuft im { $month } ab
problem-expires-why = Ersetzen Sie die Karte, damit sich { $product } am { $date } verlängert.
problem-expires-button = Karte ersetzen
problem-trial = Ihre Testphase endet am { $date }
problem-trial-why = Fügen Sie eine Zahlungsmethode hinzu, um { $product } zu behalten.

## Abonnements

subscriptions-lede = Alles, was Sie bei { $business } abonniert haben.
subscriptions-current = Laufend
subscriptions-ended = Beendet
cancel-subscription = Abonnement kündigen
cancel-trial = Testphase beenden
keep-subscription = Abonnement behalten
ends-title = Endet am { $date }
ends-body = Sie behalten bis dahin den Zugang. Es wird nichts mehr abgebucht.
ends-body-trial = Sie behalten bis dahin den Zugang. Es wird nichts abgebucht.
next-invoice = Nächste Rechnung
next-invoice-none = Keine weiteren Rechnungen.
details = Einzelheiten
fact-price = Preis
fact-quantity = Menge
fact-addons = Zusätze
fact-started = Begonnen
fact-period = Laufender Zeitraum
fact-minimum-term = Mindestlaufzeit
fact-minimum-term-until = Ihr Vertrag läuft bis { $date }.
fact-minimum-term-none = Keine. Sie können jederzeit kündigen.
fact-subscription-id = Abonnement-Nr.
payments = Zahlungen
payments-for = Zahlungen für { $product }
payment-method = Zahlungsmethode
subscription-no-method = Noch keine Zahlungsmethode. Fügen Sie eine hinzu, damit sich das Abonnement verlängern kann.
own-method = Eigens für dieses Abonnement gewählt.
billing-details = Rechnungsangaben
choose-method-title = Zahlungsmethode für { $product }
choose-method-lede = Sie wird ab der nächsten Zahlung belastet. Jetzt wird nichts abgebucht.
choose-method-default = Ihr Standard
choose-method-default-is = Derzeit { $method }
choose-method-button = Diese Methode verwenden

## Tarif, Menge und Zusätze ändern

change-plan = Tarif ändern
change-title = { $product } ändern
change-lede = Nichts ändert sich, bevor Sie bestätigen. Sie sehen zuerst, was es kostet.
change-plans = Tarife
change-every-day =
    { $count ->
        [one] Tägliche Abrechnung
       *[other] Abrechnung alle { $count } Tage
    }
change-every-week =
    { $count ->
        [one] Wöchentliche Abrechnung
       *[other] Abrechnung alle { $count } Wochen
    }
change-every-month =
    { $count ->
        [one] Monatliche Abrechnung
       *[other] Abrechnung alle { $count } Monate
    }
change-every-year =
    { $count ->
        [one] Jährliche Abrechnung
       *[other] Abrechnung alle { $count } Jahre
    }
change-current = Aktueller Tarif
change-upgrade = Upgrade
change-downgrade = Downgrade
change-addon = { $name }: Anzahl
change-addon-hint = Je { $price }. 0 entfernt den Zusatz.
change-addon-usage = Sie zahlen, was Sie nutzen. 0 entfernt den Zusatz.
change-continue = Kosten ansehen
change-error-same = So ist es schon
change-error-same-body = Wählen Sie einen anderen Tarif oder eine andere Menge.
change-error-quantity = Diese Menge ist dabei nicht möglich. Wählen Sie eine andere.
change-error-other_interval = Tarif und Zusatz werden in verschiedenen Abständen berechnet
change-error-other_interval-body = Setzen Sie den Zusatz auf 0, um diesen Tarif zu wählen.
change-error-not_offered = Das wird nicht mehr angeboten
change-error-not_offered-body = Nichts wurde geändert. Wählen Sie etwas anderes.
change-scheduled = Wechselt zu { $what } am { $date }
change-scheduled-then = Ab dann { $price }.
change-undo = Änderung zurücknehmen
review-title = Wechsel zu { $what }
review-lede = Sie haben jetzt { $product }. Nichts ändert sich, bevor Sie bestätigen.
review-later = Ändert sich am { $date }. Bis dahin behalten Sie { $product }.
review-trial = Gilt sofort. Ihr Testzeitraum läuft bis { $date }; vorher wird nichts berechnet.
review-next-invoice = Gilt sofort. Die Beträge kommen auf Ihre nächste Rechnung.
review-used = { $amount } für den Verbrauch bis jetzt kommen mit der nächsten Rechnung.
review-set-off = { $amount } werden von dem abgezogen, was für den laufenden Zeitraum noch offen ist.
review-next-total = Gesamt auf Ihrer nächsten Rechnung
review-new-period = Gilt sofort. Heute beginnt ein neuer Zeitraum, der am { $date } endet.
review-now-paid = Gilt, sobald es bezahlt ist.
review-now = Gilt sofort.
review-from = Ab { $date }
review-taxed = inklusive Steuern
review-no-method = Keine Zahlungsmethode
review-pay = { $amount } zahlen und Tarif ändern
review-on = Ändern am { $date }
review-holds =
    { $minutes ->
        [one] Das gilt eine Minute lang.
       *[other] Das gilt { $minutes } Minuten lang.
    }

## Kündigen

cancel-page-title = { $product } kündigen
cancel-title = { $product } kündigen?
cancel-title-trial = Testphase beenden?
cancel-when = Wann soll es enden?
cancel-on = Am { $date }
cancel-now = Sofort
cancel-period-end-means = Sie nutzen es bis dahin weiter. Es wird nichts mehr abgebucht.
cancel-contract-end-means =
    { $payments ->
        [0] Bis dahin läuft Ihr Vertrag.
        [one] Bis dahin läuft Ihr Vertrag; es bleibt 1 Zahlung von { $amount }.
       *[other] Bis dahin läuft Ihr Vertrag; es bleiben { $payments } Zahlungen von je { $amount }.
    }
cancel-now-means =
    { $days ->
        [one] Der Zugang endet heute. Der bereits bezahlte Tag wird nicht erstattet.
       *[other] Der Zugang endet heute. Die { $days } bereits bezahlten Tage werden nicht erstattet.
    }
cancel-now-means-today = Der Zugang endet heute.
cancel-back-refund = Wir erstatten { $amount } auf dem Weg, auf dem Sie bezahlt haben.
cancel-back-balance = { $amount } kommen in Ihr Guthaben und bezahlen Ihre nächsten Rechnungen.
cancel-back-offset = { $amount } werden von dem abgezogen, was noch offen ist.
cancel-trial-end-means = Ihre Testphase läuft bis { $date } weiter. Es wird nichts abgebucht.
cancel-trial-now-means = Ihre Testphase endet jetzt. Es wurde nichts abgebucht.
cancel-unpaid-means = Es endet sofort, und wir versuchen nicht weiter, den Betrag abzubuchen.
cancel-unpaid-stop = Der offene Betrag von { $amount } bleibt fällig.
cancel-unpaid-keep_collecting = Der offene Betrag von { $amount } wird weiter abgebucht.
cancel-unpaid-void = Den offenen Betrag von { $amount } müssen Sie nicht mehr bezahlen.
cancel-unpaid-nothing = Es ist nichts mehr zu bezahlen.
cancel-ends-on = Es endet am <strong>{ $date }</strong>.
cancel-ends-now = Es endet sofort.
cancel-why = Warum kündigen Sie?
cancel-reason-choose = Wählen Sie einen Grund
cancel-reason-too_expensive = Zu teuer
cancel-reason-missing_features = Funktionen fehlen
cancel-reason-switched_service = Zu einem anderen Anbieter gewechselt
cancel-reason-unused = Zu selten genutzt
cancel-reason-customer_service = Schlechter Kundendienst
cancel-reason-low_quality = Schlechte Qualität
cancel-reason-too_complex = Zu kompliziert
cancel-reason-other = Anderer Grund
cancel-comment = Möchten Sie uns noch etwas mitteilen?
cancel-email = Wir bestätigen es per E-Mail an { $email }.
cancel-undo-until = Sie können dies bis { $date } rückgängig machen.
cancel-no-undo = Eine sofortige Kündigung lässt sich nicht rückgängig machen.

## Bezahlen

pay-now = Jetzt bezahlen
pay-now-for = ({ $amount } für { $product })
pay-amount = { $amount } bezahlen
pay-title = { $amount } bezahlen
pay-with = Bezahlen mit
pay-no-methods = Noch keine Zahlungsmethode. Fügen Sie eine hinzu, um zu bezahlen.
pay-add-other = Weitere hinzufügen
pay-safe = Es wird nur einmal abgebucht, auch wenn Sie den Knopf zweimal drücken.
pay-failed = Wir konnten { $method } nicht belasten
pay-failed-why = Die Zahlung ist gescheitert, weil { $reason }. Es wurde nichts abgebucht. Versuchen Sie es erneut oder mit einer anderen Zahlungsmethode.
pay-no-method = Wählen Sie eine Zahlungsmethode
pay-under-way = Eine Zahlung läuft bereits
pay-under-way-body = Warten Sie einen Moment. Das Ergebnis erfahren Sie hier und per E-Mail.
pay-changed = Der Betrag hat sich von { $from } auf { $to } geändert
pay-changed-body = Er hat sich geändert, seit Sie diese Seite geöffnet haben. Prüfen und bestätigen Sie ihn erneut.
reactivate-title = { $product } fortsetzen
reactivate-lede = { $product } ist seit { $date } angehalten.
reactivate-lede-reason = { $product } ist seit { $date } angehalten, weil { $reason }.
reactivate-restarts = Heute beginnt ein neuer Zeitraum; für den verstrichenen wird nichts berechnet.
reactivate-button = { $amount } bezahlen und fortsetzen
progress-title-processing = { $amount } werden bezahlt
progress-title-needs_confirmation = Ihre Bank bittet Sie, { $amount } zu bestätigen
progress-title-failed = { $amount } wurden nicht bezahlt
progress-title-paid = { $amount } bezahlt
progress-processing = Wir buchen { $amount } von { $method } ab. Diese Seite aktualisiert sich selbst.
progress-slow = Es dauert länger als üblich. Wir schreiben Ihnen; Sie können diese Seite schließen.
progress-confirm = Fahren Sie bei Ihrer Bank fort, um die Abbuchung von { $method } zu bestätigen. Vorher wird nichts abgebucht.
progress-confirm-button = Weiter zu Ihrer Bank
progress-later = Nicht jetzt
progress-failed = Wir konnten { $method } nicht belasten, weil { $reason }. Es wurde nichts abgebucht.
progress-retry = Erneut versuchen
progress-paid = Wir haben { $amount } von { $method } abgebucht.
progress-next = Nächste Zahlung: { $date }.
progress-reactivated = { $product } ist wieder aktiv
progress-still-on = Sie haben weiterhin { $product }.
progress-other-method = Andere Zahlungsmethode verwenden
progress-view-payment = Zahlung ansehen

## Zahlungsmethoden

methods-lede = Karten und Konten, die wir für Ihre Abonnements belasten dürfen.
methods-none = Noch keine Zahlungsmethode. Fügen Sie eine hinzu, damit Verlängerungen gelingen.
methods-safe = Kartendaten gehen direkt an den Zahlungsanbieter. { $business } sieht sie nie.
back-to-methods = Zurück zu den Zahlungsmethoden
add-method-title = Zahlungsmethode hinzufügen
method-charged-now = { $amount } werden sofort abgebucht
method-charged-now-body = Ihr Abonnement ist angehalten. Mit der Zahlungsmethode geht es weiter: Heute beginnt ein neuer Zeitraum und wird abgebucht.
add-method-lede = Sie geben die Daten beim Zahlungsanbieter ein und kehren dann hierher zurück.
add-method-lede-product = Sie wird für { $product } verwendet. Sie geben die Daten beim Zahlungsanbieter ein und kehren dann hierher zurück.
add-method-button = Weiter zum Zahlungsanbieter
add-method-none = Zurzeit lässt sich hier keine Zahlungsmethode hinzufügen. Bitte wenden Sie sich an { $business }.
add-method-no_kind = Wählen Sie eine Art von Zahlungsmethode
add-method-provider_down = Der Zahlungsanbieter antwortet nicht
add-method-provider_down-body = Es wurde nichts gespeichert oder abgebucht. Versuchen Sie es in einigen Minuten erneut.
add-method-not_finished = Sie haben den Vorgang nicht abgeschlossen
add-method-not_finished-body = Es wurde nichts gespeichert.
add-method-refused = Ihre Bank hat diese Karte nicht bestätigt
add-method-refused-body = Versuchen Sie es erneut oder mit einer anderen.
setup-title-waiting = Ihre Zahlungsmethode wird gespeichert
setup-waiting = Wir fragen beim Zahlungsanbieter nach. Diese Seite aktualisiert sich selbst.
setup-slow = Es dauert länger als üblich. Wir schreiben Ihnen; Sie können diese Seite schließen.
setup-title-verifying = Wir prüfen Ihr Konto
setup-verifying =
    { $days ->
        [one] Das dauert bis zu einem Tag; wir schreiben Ihnen.
       *[other] Das dauert bis zu { $days } Tage; wir schreiben Ihnen.
    }
setup-title-not_finished = Sie haben den Vorgang nicht abgeschlossen
setup-not_finished = Es wurde nichts gespeichert.
setup-title-refused = Ihre Bank hat diese Karte nicht bestätigt
setup-refused = Es wurde nichts gespeichert. Versuchen Sie es erneut oder mit einer anderen.
remove-method-title = { $method } entfernen?
remove-method-body = Sie verschwindet aus Ihrer Liste.
remove-method-used =
    { $count ->
        [one] { $products } wird darüber bezahlt.
       *[other] { $count } Abonnements werden darüber bezahlt: { $products }.
    }
remove-method-keeps =
    { $count ->
        [one] Dabei bleibt es, bis Sie eine andere Methode wählen.
       *[other] Dabei bleibt es, bis Sie eine andere Methode wählen.
    }
remove-method-default =
    { $count ->
        [one] Das Abonnement verwendet dann Ihren Standard, { $method }.
       *[other] Sie verwenden dann Ihren Standard, { $method }.
    }
remove-method-blocked = Fügen Sie zuerst eine andere Zahlungsmethode hinzu. { $product } verlängert sich am { $date }.

## Zahlungsverlauf und einzelne Zahlung

billing-lede = Jede Zahlung mit ihrer Rechnung.
billing-attention =
    { $count ->
        [one] 1 Zahlung braucht Ihre Aufmerksamkeit.
       *[other] { $count } Zahlungen brauchen Ihre Aufmerksamkeit.
    }
billing-filter = Zahlungen filtern
billing-filter-all = Alle
billing-filter-paid = Bezahlt
billing-filter-failed = Offen
billing-none-all = Noch keine Zahlungen. Nach Ihrer ersten Zahlung erscheinen die Rechnungen hier.
billing-none-paid = Keine bezahlten Zahlungen.
billing-none-failed = Keine offenen Zahlungen. Alles ist bezahlt.
billing-pages = Seiten
billing-range = { $first }–{ $last } von { $total }
billing-older = Ältere Zahlungen
billing-newer = Neuere Zahlungen
column-date = Datum
column-description = Beschreibung
column-period = Zeitraum
column-method = Zahlungsmethode
column-status = Status
column-amount = Betrag
column-actions = Aktionen
invoice-number = Rechnung { $number }
payment-details = Angaben zur Zahlung
payment-details-text = Angaben zur Zahlung als Text
copy-details = Angaben kopieren
detail-business = Unternehmen
detail-description = Beschreibung
detail-date = Datum
detail-amount = Betrag
detail-status = Status
detail-method = Bezahlt mit
detail-invoice = Rechnung
detail-payment-id = Zahlungs-Nr.
detail-customer = Kunde
attempts = Zahlungsversuche
attempts-none = Es wurde noch nichts abgebucht.
attempts-next = Am { $date } versuchen wir es erneut.
attempt-succeeded = Bezahlt
attempt-processing = In Bearbeitung
attempt-needs_confirmation = Bestätigung nötig
attempt-failed = Fehlgeschlagen
attempt-cancelled = Abgebrochen
attempt-failed-because = { $date }, weil { $reason }

## Adressen

addresses-title = Rechnungsadressen
addresses-lede = Die Standardadresse gilt für neue Abonnements und Rechnungen.
addresses-none = Noch keine Rechnungsadresse. Fügen Sie eine hinzu, um vollständige Rechnungen zu erhalten.
address-add = Adresse hinzufügen
address-edit = Adresse bearbeiten
address-save = Adresse speichern
field-country = Land
field-country-choose = Wählen Sie ein Land
field-name = Name
field-company = Firma
field-line1 = Straße und Hausnummer
field-line2 = Adresszusatz
field-postal-code = Postleitzahl
field-city = Ort
field-region = Bundesland oder Region
field-tax-id = Umsatzsteuer-Identifikationsnummer
field-tax-id-hint = Mit Länderkürzel, zum Beispiel DE123456789. Sie steht auf Ihren Rechnungen.
field-phone = Telefon
error-country = Wählen Sie ein Land
error-name = Geben Sie einen Namen ein
error-line1 = Geben Sie Straße und Hausnummer ein
error-postal-code = Geben Sie eine Postleitzahl ein, zum Beispiel 10969
error-city = Geben Sie einen Ort ein
error-tax-id = Das sieht nicht nach einer Steuernummer dieses Landes aus
error-phone = Geben Sie eine Telefonnummer wie +49 30 123456 ein
error-language = Wählen Sie eine der Sprachen aus der Liste
error-too-long = Das ist zu lang
remove-address-title = Diese Adresse entfernen?
remove-address-body = Bereits ausgestellte Rechnungen behalten sie.
remove-address-blocked = Sie ist Ihr Standard. Machen Sie zuerst eine andere Adresse zum Standard.

## Profil, Kontakt

profile-lede = So erreicht Sie { $business }.
profile-language-hint = Für dieses Portal und für E-Mails.
profile-save = Speichern
profile-marketing = Neuigkeiten und Angebote per E-Mail
profile-marketing-hint = Quittungen und Mitteilungen zu Ihren Zahlungen senden wir immer.
unsubscribe-title = Keine Neuigkeiten und Angebote mehr
unsubscribe-lede = { $business } sendet keine Neuigkeiten und Angebote mehr an { $email }.
unsubscribe-done = { $email } erhält keine Neuigkeiten und Angebote mehr. Das können Sie in Ihrem Profil ändern.
unsubscribe-button = Neuigkeiten und Angebote beenden
sessions = Angemeldet auf
session-this = Dieses Gerät
session-unknown = Unbekanntes Gerät
session-since = Seit { $date }
sessions-revoke = Überall sonst abmelden
contact-lede = Ihr Kontakt bei { $business }.
contact-email = E-Mail

## Hinweise nach einer Aktion

notice-signed-out = Sie sind abgemeldet.
notice-session-ended = Ihre Sitzung ist abgelaufen
notice-session-ended-body = Melden Sie sich erneut an, um fortzufahren.
notice-cancellation-scheduled = { $product } endet am { $date }
notice-cancellation-scheduled-body = Wir haben eine Bestätigung an { $email } gesendet.
notice-cancelled = { $product } ist beendet
notice-cancelled-body = Wir haben eine Bestätigung an { $email } gesendet.
notice-uncancelled = { $product } läuft weiter
notice-uncancelled-body = Es verlängert sich am { $date } für { $amount }.
notice-already-cancelled = Dieses Abonnement wurde bereits am { $date } gekündigt
notice-already-cancelled-body = Es wurde nichts geändert.
notice-outdated = Seit Sie jene Seite geöffnet haben, hat sich etwas geändert
notice-outdated-body = Es ist nichts geschehen. Prüfen Sie den neuen Stand und bestätigen Sie erneut.
notice-plan-changed = Sie haben jetzt { $what }
notice-change-scheduled = Wechselt zu { $what } am { $date }
notice-change-scheduled-body = Bis dahin können Sie das zurücknehmen.
notice-change-undone = { $product } läuft weiter wie bisher
notice-change-not-now = Das muss einen Moment warten
notice-change-not-now-body = Eine Zahlung läuft, oder ein neuer Zeitraum beginnt gerade. Nichts wurde geändert; versuchen Sie es in ein paar Minuten wieder.
notice-not-changeable = Dieses Abonnement lässt sich so nicht ändern
notice-not-changeable-body = Es ist beendet oder endet bald, oder es ist noch etwas zu zahlen. Nichts wurde geändert.
notice-nothing-to-give-back = Zahlen Sie zuerst Ihre letzte Rechnung
notice-nothing-to-give-back-body = Die Änderung gäbe einen Teil von etwas zurück, das noch nicht bezahlt ist. Nichts wurde geändert.
notice-method-added = { $method } hinzugefügt
notice-method-added-default = { $method } hinzugefügt
notice-method-added-default-body = Sie ist jetzt Ihr Standard.
notice-method-known = Diese Zahlungsmethode steht bereits in Ihrer Liste
notice-default-method-set = { $method } ist jetzt Ihr Standard
notice-default-method-set-body = Sie gilt für alle Abonnements ohne eigene Zahlungsmethode.
notice-method-removed = { $method } entfernt
notice-subscription-method-set = { $product } wird jetzt über { $method } bezahlt
notice-paid = Bezahlt
notice-paid-body = Wir haben { $amount } von { $method } abgebucht.
notice-nothing-due = Es ist nichts mehr zu bezahlen
notice-nothing-due-body = Diese Rechnung war bereits bezahlt oder storniert.
notice-address-saved = Adresse gespeichert
notice-address-saved-body = Sie gilt für künftige Rechnungen; bestehende ändern sich nicht.
notice-address-removed = Adresse entfernt
notice-default-address-set = Standardadresse geändert
notice-default-address-set-body = Sie gilt für künftige Rechnungen; bestehende ändern sich nicht.
notice-profile-saved = Gespeichert
notice-sessions-revoked = Überall sonst abgemeldet
notice-clock-advanced = Die Uhr zeigt den { $date }
notice-clock-advanced-body = Alles, was bis dahin fällig war, ist erledigt.

## Fehlerseiten

fault-not_found = Seite nicht gefunden
fault-not_found-body = Vielleicht ist die Adresse falsch geschrieben, oder der Inhalt gehört zu einem anderen Konto.
fault-gone = Dieser Link gilt nicht mehr
fault-gone-body = Er ist abgelaufen oder wurde schon verwendet. Melden Sie sich an, um das Gesuchte zu finden.
fault-stale_form = Diese Seite war zu lange geöffnet
fault-stale_form-body = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es erneut.
fault-invalid = Das konnten wir nicht lesen
fault-invalid-body = Es wurde nichts geändert. Gehen Sie zurück und versuchen Sie es erneut.
fault-too_many_requests = Zu viele Anfragen
fault-too_many_requests-body =
    { $seconds ->
        [one] Warten Sie eine Sekunde und versuchen Sie es dann erneut.
       *[other] Warten Sie { $seconds } Sekunden und versuchen Sie es dann erneut.
    }
fault-internal = Bei uns ist etwas schiefgegangen
fault-internal-safe = Es wurde nichts abgebucht. Versuchen Sie es erneut; wenn es wieder geschieht, nennen Sie uns { $request_id }.
fault-internal-unsure = Sehen Sie in Ihrem Zahlungsverlauf nach, bevor Sie es erneut versuchen. Wenn es wieder geschieht, nennen Sie uns { $request_id }.
fault-provider = Der Zahlungsanbieter antwortet nicht
fault-provider-body = Es wurde nichts abgebucht. Versuchen Sie es in einigen Minuten erneut.
fault-money_paused = Zahlungen sind gerade angehalten
fault-money_paused-body = Es wurde nichts abgebucht, und nichts geht verloren: Was fällig ist, bleibt, wie es ist. Versuchen Sie es später erneut.
fault-maintenance = Gleich wieder da
fault-maintenance-body = Wir arbeiten an dieser Seite. Versuchen Sie es in einigen Minuten erneut.
fault-no_tenant = Hier ist kein Portal
fault-no_tenant-body = Prüfen Sie die Adresse. Wenn sie stimmt, fragen Sie das Unternehmen, von dem Sie sie haben.

included = Enthalten
benefit-withheld = Derzeit nicht verfügbar
license-revoked = Widerrufen
license-show = Anzeigen
license-devices-of = Aktiv auf { $count } von { $limit } Geräten
license-devices =
    { $count ->
        [one] Aktiv auf { $count } Gerät
       *[other] Aktiv auf { $count } Geräten
    }
notice-device-removed = Gerät entfernt
notice-device-removed-body = { $device } verliert den Zugang.
