# Worte der E-Mails auf Deutsch.

email-why = Sie erhalten diese E-Mail, weil Sie Kunde von { $business } sind. Mitteilungen zu Ihren Zahlungen senden wir immer.
email-why-marketing = Sie erhalten diese E-Mail, weil Sie Neuigkeiten und Angeboten von { $business } zugestimmt haben.
email-unsubscribe = Keine Neuigkeiten und Angebote mehr
email-not-you = Das waren nicht Sie? Antworten Sie sofort auf diese E-Mail.
email-button-manage = Abonnement verwalten
email-button-pay = { $amount } bezahlen
email-button-pay-invoice = Rechnung bezahlen
email-button-reactivate = { $amount } bezahlen und fortsetzen
email-button-add-method = Zahlungsmethode hinzufügen
email-button-keep = Abonnement behalten
email-button-portal = Zur Abrechnung
email-button-methods = Zahlungsmethoden
email-button-replace = Karte ersetzen
email-button-confirm = Zahlung bestätigen
email-copy-address = Wenn der Knopf nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:
email-bill = Was Sie bezahlt haben
email-next-payment = Nächste Zahlung: { $amount } am { $date }.

email-sign-in-subject = Anmeldung bei der Abrechnung von { $business }
email-sign-in-preheader =
    { $minutes ->
        [one] Ihr Link gilt einmal und eine Minute lang.
       *[other] Ihr Link gilt einmal und { $minutes } Minuten lang.
    }
email-sign-in-body =
    { $minutes ->
        [one] Drücken Sie den Knopf, um Ihre Abonnements, Zahlungsmethoden und Rechnungen zu verwalten. Der Link gilt einmal und läuft in einer Minute ab.
       *[other] Drücken Sie den Knopf, um Ihre Abonnements, Zahlungsmethoden und Rechnungen zu verwalten. Der Link gilt einmal und läuft in { $minutes } Minuten ab.
    }
email-sign-in-button = Bei der Abrechnung anmelden
email-sign-in-code = Wenn Sie den Link in einem anderen Browser öffnen, werden Sie nach diesem Code gefragt:
email-sign-in-requested = Angefordert am { $date } um { $time }.
email-sign-in-requested-from = Angefordert am { $date } um { $time } von { $device }.
email-sign-in-not-you = Das waren nicht Sie? Ignorieren Sie diese E-Mail; ohne den Link kann sich niemand anmelden.

email-receipt-subject = Quittung von { $business }: { $amount }
email-receipt-preheader = Bezahlt am { $date } mit { $method }.
email-receipt-eyebrow = Quittung von { $business }
email-receipt-heading = { $amount }
email-receipt-paid = { $date } mit { $method }
email-receipt-invoice = Rechnung { $number } herunterladen (PDF)
email-receipt-receipt = Quittung { $number } herunterladen (PDF)
email-receipt-next = Nächste Zahlung: { $amount } am { $date }. Bis dahin können Sie jederzeit kündigen.

email-payment-failed-subject = Zahlung fehlgeschlagen: { $product }
email-payment-failed-body = Wir konnten { $amount } nicht von { $method } abbuchen, weil { $reason }.
email-payment-failed-next-try = Am { $date } versuchen wir es erneut. Sie können auch jetzt bezahlen oder eine andere Zahlungsmethode wählen.
email-payment-failed-no-try = Bezahlen Sie jetzt oder wählen Sie eine andere Zahlungsmethode, um { $product } zu behalten.

email-payment-impossible-subject = Zahlung fehlgeschlagen: { $product }
email-payment-impossible-body = Für { $product } sind { $amount } fällig, und es ist keine Zahlungsmethode hinterlegt.

email-payment-overdue-subject = Zahlung fällig: { $product }
email-payment-overdue-body = Die Rechnung über { $amount } für { $product } ist fällig und noch nicht bezahlt.
email-payment-overdue-next-try = Am { $date } buchen wir den Betrag von Ihrer Standard-Zahlungsmethode ab. Sie können auch jetzt bezahlen.
email-payment-overdue-no-try = Bitte bezahlen Sie jetzt.

email-payment-reminder-subject = Erinnerung: { $amount } für { $product } sind offen
email-payment-reminder-body = Ihre Zahlung von { $amount } für { $product } ist noch offen.

email-final-notice-subject = Letzte Mahnung: { $amount } für { $product }
email-final-notice-body = { $amount } für { $product } sind nach mehreren Abbuchungsversuchen noch immer nicht bezahlt.
email-final-notice-pay-by = Bitte bezahlen Sie bis { $date }, um { $product } zu behalten. Wir schreiben Ihnen deswegen zum letzten Mal.
email-final-notice-over = Wir versuchen keine weitere Abbuchung. Sie können den Betrag noch selbst bezahlen.

email-final-notice-one-off-subject = Letzte Mahnung: { $amount } für { $product }
email-final-notice-one-off-body = { $amount } für { $product } sind noch immer nicht bezahlt.
email-final-notice-one-off-pay-by = Bitte bezahlen Sie bis { $date }. Wir schreiben Ihnen deswegen zum letzten Mal.

email-on-hold-subject = { $product } ist angehalten
email-on-hold-body = Wir konnten den Betrag für { $product } nicht abbuchen und haben das Abonnement angehalten. Bezahlen Sie { $amount }, um es fortzusetzen. Bis dahin wird nichts weiter abgebucht.
email-on-hold-trial-subject = { $product } ist angehalten
email-on-hold-trial-body = Ihre Testphase von { $product } ist zu Ende, und es war keine Zahlungsmethode hinterlegt. Fügen Sie eine hinzu, um das Abonnement fortzusetzen. Es wurde nichts abgebucht.

email-cancellation-scheduled-subject = { $product } endet am { $date }
email-cancellation-scheduled-body = Sie haben { $product } gekündigt. Sie behalten den Zugang bis { $date }, und es wird nichts mehr abgebucht. Bis dahin können Sie es sich anders überlegen.

email-cancelled-subject = { $product } ist beendet
email-cancelled-body = { $product } endete am { $date }. Es wird nichts mehr abgebucht. Ihre Rechnungen bleiben verfügbar.

email-cancelled-owed-subject = { $product } ist beendet
email-cancelled-owed-body = { $product } endete am { $date }. Eine letzte Rechnung über { $amount } für den Verbrauch ist offen; bitte zahlen Sie sie im Portal. Von selbst wird nichts mehr abgebucht.

email-cancelled-collected-subject = { $product } ist beendet
email-cancelled-collected-body = { $product } endete am { $date }. Was noch offen ist, { $amount }, wird weiter abgebucht. Es kommt nichts hinzu.
email-cancelled-refund = Für die Zeit, die Sie nicht mehr nutzen, gehen { $amount } an Sie zurück. Ihre Bank braucht dafür vielleicht einige Tage.
email-cancelled-balance = Für die Zeit, die Sie nicht mehr nutzen, kommen { $amount } in Ihr Guthaben und bezahlen Ihre nächsten Rechnungen.
email-cancelled-offset = Für die Zeit, die Sie nicht mehr nutzen, sind { $amount } nicht mehr zu bezahlen.

email-cancelled-trial-subject = { $product } ist beendet
email-cancelled-trial-body = Ihre Testphase von { $product } endete am { $date }, und es war keine Zahlungsmethode hinterlegt. Es wurde nichts abgebucht. Sie können jederzeit neu abonnieren.

email-uncancelled-subject = { $product } läuft weiter
email-uncancelled-body = Ihre Kündigung ist zurückgenommen. { $product } verlängert sich am { $date } für { $amount }.

email-uncancelled-on-hold-subject = { $product } läuft weiter
email-uncancelled-on-hold-body = Ihre Kündigung ist zurückgenommen. { $product } bleibt angehalten; bis es weitergeht, wird nichts abgebucht.

email-trial-ending-subject = Ihre Testphase endet am { $date }
email-trial-ending-body = Ihre Testphase von { $product } endet am { $date }.
email-trial-ending-method = An diesem Tag buchen wir { $amount } von { $method } ab. Bis dahin können Sie jederzeit kündigen.
email-trial-ending-hold = Fügen Sie eine Zahlungsmethode hinzu, um { $product } zu behalten; die erste Zahlung beträgt { $amount }. Ohne sie wird das Abonnement angehalten, und es wird nichts abgebucht.
email-trial-ending-end = Fügen Sie eine Zahlungsmethode hinzu, um { $product } zu behalten; die erste Zahlung beträgt { $amount }. Ohne sie endet das Abonnement, und es wird nichts abgebucht.
email-trial-ending-invoice = Die erste Zahlung beträgt { $amount }. Fügen Sie eine Zahlungsmethode hinzu, oder bezahlen Sie die Rechnung, die Sie erhalten. Bis dahin können Sie jederzeit kündigen.

email-renewal-upcoming-subject = { $product } verlängert sich am { $date }
email-renewal-upcoming-body = { $product } verlängert sich am { $date } für { $amount }.
email-renewal-upcoming-method = Wir buchen von { $method } ab. Bis dahin können Sie jederzeit kündigen.
email-renewal-upcoming-no-method = Es ist keine Zahlungsmethode hinterlegt. Fügen Sie eine hinzu, um { $product } zu behalten; bis dahin können Sie jederzeit kündigen.

email-card-expiring-subject = { $method } läuft am { $expires } ab
email-card-expiring-body = { $method } läuft am { $expires } ab, und am { $date } soll davon die Zahlung für { $product } abgebucht werden. Ersetzen Sie die Karte, damit es mit { $product } weitergeht.

email-win-back-offer-subject = Ein Angebot für Ihre Rückkehr zu { $product }
email-win-back-offer-body = Ihr Abonnement von { $product } endete am { $date }. Wir hätten Sie gern wieder dabei.
email-win-back-offer-periods =
    { $count ->
        [one] Mit dem Code { $code } sparen Sie { $off } bei Ihrer ersten Zahlung.
       *[other] Mit dem Code { $code } sparen Sie { $off } bei jeder Ihrer ersten { $count } Zahlungen.
    }
email-win-back-offer-forever = Mit dem Code { $code } sparen Sie { $off } bei jeder Zahlung.
email-win-back-survey-subject = Was hat Ihnen bei { $product } gefehlt?
email-win-back-survey-body = Ihr Abonnement von { $product } endete am { $date }. Was hätte Sie zum Bleiben bewegt? Antworten Sie auf diese E-Mail; ein Mensch liest sie.
email-win-back-help-subject = Können wir Ihnen bei { $product } helfen?
email-win-back-help-body = Ihr Abonnement von { $product } endete am { $date }. Wenn der Einstieg schwierig war, helfen wir gern. Antworten Sie auf diese E-Mail, und ein Mensch schreibt Ihnen.
email-win-back-apology-subject = Zu Ihrer Zeit mit { $product }
email-win-back-apology-body = Ihr Abonnement von { $product } endete am { $date }, weil wir unsere Sache nicht gut gemacht haben. Das tut uns leid. Wenn Sie uns mit einer Antwort auf diese E-Mail sagen, was nicht in Ordnung war, geht ein Mensch der Sache nach.

email-credit-note-subject = Rechnungskorrektur { $number }: { $amount }
email-credit-note-body = Wir haben Ihnen { $amount } aus Rechnung { $invoice } gutgeschrieben.
email-credit-note-offset = { $amount } davon sind nicht mehr zu bezahlen.
email-credit-note-balance = { $amount } stehen jetzt in Ihrem Guthaben und bezahlen Ihre nächsten Rechnungen.
email-credit-note-refund = { $amount } gehen an Sie zurück. Ihre Bank braucht dafür vielleicht einige Tage.
email-credit-note-refund-to = { $amount } gehen zurück an { $method }. Ihre Bank braucht dafür vielleicht einige Tage.

email-method-added-subject = Zahlungsmethode hinzugefügt
email-method-added-body = { $method } wurde Ihrem Konto bei { $business } hinzugefügt.
email-method-added-default = Sie ist jetzt Ihr Standard und gilt für alle Abonnements ohne eigene Zahlungsmethode.

email-reactivated-subject = { $product } ist wieder aktiv
email-reactivated-body = { $product } ist wieder aktiv. Vielen Dank.
email-reactivated-paid = Wir haben { $amount } abgebucht; die Quittung kommt in einer eigenen E-Mail.

email-authentication-required-subject = Bestätigen Sie Ihre Zahlung von { $amount }
email-authentication-required-body = Ihre Bank bittet Sie, die Zahlung von { $amount } für { $product } zu bestätigen. Vorher wird nichts abgebucht.

email-first-payment-failed-subject = Zahlung fehlgeschlagen: { $product }
email-first-payment-failed-body = Wir konnten { $amount } nicht von { $method } abbuchen, weil { $reason }. Deshalb hat { $product } noch nicht begonnen.
email-first-payment-due-subject = Erste Zahlung: { $product }
email-first-payment-due-body = { $product } beginnt, sobald { $amount } bezahlt sind, und es ist keine Zahlungsmethode hinterlegt.
email-first-payment-kept = Bezahlen Sie jetzt, oder wählen Sie eine andere Zahlungsmethode. Ihre Bestellung bleibt { $hours } Stunden bestehen; danach verfällt sie, und es wird nichts dafür abgebucht.

email-first-payment-expired-subject = Ihre Bestellung von { $product } ist verfallen
email-first-payment-expired-body = Die erste Zahlung für { $product } kam nicht rechtzeitig, deshalb hat es nicht begonnen. Dafür wird nichts mehr abgebucht.

email-change-dropped-subject = { $product } bleibt, wie es ist
email-change-dropped-body = Die geplante Änderung von { $product } wurde nicht ausgeführt: Was gewählt wurde, gibt es nicht mehr oder nicht mehr so. { $product } läuft weiter wie bisher. Sie können jederzeit etwas anderes wählen.

email-invoice-issued-subject = Rechnung { $number }: { $amount }
email-invoice-issued-body = Hier ist die Rechnung { $number } über { $amount } für { $product }.
email-invoice-issued-pay-by = Bitte bezahlen Sie { $amount } bis { $date }.
email-invoice-issued-paid = Ihr Guthaben hat sie bezahlt; Sie müssen nichts tun.

email-refund-declined-subject = Ihre Anfrage zu Rechnung { $invoice }
email-refund-declined-body = Sie haben den Betrag der Rechnung { $invoice } zurückverlangt. { $business } hat das geprüft und erstattet ihn nicht. Wenn Sie das für falsch halten, antworten Sie auf diese E-Mail.
