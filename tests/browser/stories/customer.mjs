// The customer's way: sign in by mail, look around, cancel and revoke, cards, invoices, sign out.

import assert from "node:assert/strict";
import { linkOf, Visitor } from "../visitor.mjs";
import { downloads } from "../invoice.mjs";

export function customersWay(world, me) {
  const { demo } = world;
  const email = demo.customer("amara");
  let mail, subscription, mails = 0;
  return [
    ["asks for a sign-in link and is told to check the mail", async () => {
      mail = await me.asksForLink(email);
      await me.sees(email);
      assert.equal(me.path(), "/login/sent");
    }],
    ["the mail has a button, the address in full, a six-digit code and a text part", () => {
      const link = linkOf(mail), code = mail.text.match(/\b\d{6}\b/);
      assert.ok(code, "no code in the text part");
      assert.ok(mail.html.includes(`href="${link}"`) && mail.html.split(link).length > 2, "button and address");
      assert.ok(mail.html.includes(code[0]), "no code in the HTML part");
    }],
    ["a stranger who opens the link is asked for the code and signs nobody in", async () => {
      const stranger = await Visitor.open(world);
      for (let i = 0; i < 3; i += 1) await stranger.go(linkOf(mail));
      await stranger.page.getByLabel("Six-digit code").waitFor();
      await stranger.press("button", "Sign in");
      await stranger.sees("Enter the six-digit code");
      await stranger.go("/");
      assert.equal(new URL(stranger.page.url()).pathname, "/login");
      stranger.noFaults();
      await stranger.close();
    }],
    ["opening the link shows who signs in; a press does", async () => {
      await me.go(linkOf(mail));
      await me.heading("Continue to billing");
      await me.sees(email);
      await me.press("button", "Sign in");
      await me.heading("Overview");
    }],
    ["the session cookie is for this host and no script", async () => {
      const cookies = await me.context.cookies(demo.portal);
      const session = cookies.find((cookie) => cookie.name === "portico-dev");
      assert.ok(session?.httpOnly && session.sameSite === "Lax" && session.path === "/", JSON.stringify(cookies));
      assert.equal(await me.page.evaluate(() => document.cookie), "");
    }],
    ["the link works once", async () => {
      const other = await Visitor.open(world);
      const response = await other.go(linkOf(mail));
      assert.equal(response.status(), 410);
      await other.heading("This link no longer works");
      await other.close();
    }],
    ["the overview shows next payment, subscriptions, payments, cards and the contact person", async () => {
      for (const heading of ["Next payment", "Subscriptions", "Recent payments", "Payment methods", "Your contact"]) {
        await me.heading(heading);
      }
      await me.sees("Jonas Weidner");
      await me.sees(/Renews on/);
    }],
    ["the subscription page names the next invoice, the details and the card", async () => {
      await me.press("link", "Fieldnote Team");
      subscription = me.path();
      assert.match(subscription, /^\/subscriptions\/sub_/);
      for (const heading of ["Next invoice", "Details", "Payments", "Payment method", "Billing details"]) {
        await me.heading(heading);
      }
      await me.sees("€58.31");
    }],
    ["the cancel dialog offers two timings and eight reasons; Escape leaves it", async () => {
      await me.press("link", "Cancel subscription");
      const dialog = me.page.getByRole("dialog", { name: "Cancel Fieldnote Team?" });
      await dialog.waitFor();
      assert.equal(await dialog.getByRole("radio").count(), 2);
      assert.equal(await dialog.locator("select[name=reason] option:not([value=''])").count(), 8);
      await me.page.keyboard.press("Escape");
      await me.arrives(subscription);
      assert.equal(await me.page.getByRole("dialog").count(), 0);
    }],
    ["cancels at the end of the period, with a reason, and gets a mail", async () => {
      mails = (await demo.mails(email, /ends on/)).length;
      await me.press("link", "Cancel subscription");
      await me.page.getByRole("radio", { name: /^On / }).check();
      await me.page.getByLabel(/Why are you cancelling/).selectOption("too_expensive");
      await me.page.getByLabel(/Anything else/).fill("A test of the way out.");
      await me.press("button", "Cancel subscription");
      await me.sees(/Fieldnote Team ends on/);
      assert.equal(me.path(), subscription);
      await demo.mail(email, /ends on/, mails);
    }],
    ["nothing more is invoiced, and the notice is gone on the next page", async () => {
      await me.page.reload();
      await me.sees("No further invoices.");
      await me.misses("We have sent a confirmation");
    }],
    ["revokes the cancellation and gets a mail", async () => {
      mails = (await demo.mails(email, /continues/)).length;
      await me.press("button", "Keep subscription");
      await me.sees(/Fieldnote Team continues/);
      await me.heading("Next invoice");
      await me.sees("€58.31");
      await demo.mail(email, /continues/, mails);
    }],
    ["adds a card on the provider's page", async () => {
      await me.press("link", "Payment methods");
      await me.press("link", "Add payment method");
      await me.entersCard("5555555555554444");
      await me.arrives("/payment-methods");
      await me.seesCard("4444");
      await me.sees(/is now your default|added/);
    }],
    ["adds a card that the bank confirms by 3-D Secure", async () => {
      await me.go("/payment-methods/add");
      await me.entersCard("4000002500003155", "Approve");
      await me.arrives("/payment-methods");
      await me.seesCard("3155");
    }],
    ["a card that the bank does not confirm is not saved", async () => {
      await me.go("/payment-methods/add");
      await me.entersCard("4000002760003184", "Refuse");
      await me.heading("Your bank did not confirm this card");
      await me.go("/payment-methods");
      await me.missesCard("3184");
    }],
    ["leaving the provider's page saves nothing and says so", async () => {
      await me.go("/payment-methods/add");
      await me.press("button", "Continue to payment provider");
      await me.press("button", "Back without saving");
      await me.heading("You did not finish");
    }],
    ["makes another card the default", async () => {
      await me.go("/payment-methods");
      await me.press("button", /^Make default.*4444/);
      await me.sees(/4444 is now your default/);
    }],
    ["removes a card after a question", async () => {
      await me.press("link", /^Remove .*3155/);
      await me.page.getByRole("dialog", { name: /^Remove .*3155/ }).waitFor();
      await me.press("button", "Remove");
      await me.sees(/3155 removed/);
      await me.arrives("/payment-methods");
      assert.equal(await me.page.getByRole("link", { name: /^Remove .*3155/ }).count(), 0);
    }],
    ["chooses a card for one subscription", async () => {
      await me.go(`${subscription}/payment-method`);
      await me.page.getByRole("radio", { name: /4242/ }).check();
      await me.press("button", "Use this method");
      await me.sees(/is now charged to .*4242/);
    }],
    ["the billing history has an invoice for every payment, as a PDF that reads well", async () => {
      await me.go("/billing");
      await me.heading("Billing history");
      const words = await downloads(me, me.page.getByRole("link", { name: /^Invoice/ }).first());
      for (const word of ["Fieldnote GmbH", "DE287654321", "Okafor Design", "INV-", "19%", "€"]) {
        assert.ok(words.replace(/\s+%/, "%").includes(word), `${word} is not in the PDF:\n${words}`);
      }
    }],
    ["one payment has its details as one text", async () => {
      await me.page.locator("td.c-what a").first().click();
      await me.heading("Payment details");
      const text = await me.page.locator("#details").innerText();
      for (const word of ["Fieldnote", "INV-", email, "inv_"]) assert.ok(text.includes(word), `${word} in:\n${text}`);
    }],
    ["strangers are greeted in the language of their browser, or in English", async () => {
      for (const [locale, lang] of [["de-AT", "de"], ["fi-FI", "en"]]) {
        const stranger = await Visitor.open(world, { locale });
        await stranger.go("/login");
        assert.equal(await stranger.page.locator("html").getAttribute("lang"), lang);
        await stranger.close();
      }
    }],
    ["reads the portal in German", async () => {
      await me.go("/");
      await me.press("button", /Language/);
      await me.press("button", "Deutsch");
      await me.heading("Nächste Zahlung");
      assert.equal(await me.page.locator("html").getAttribute("lang"), "de");
      await me.press("button", /Sprache/);
      await me.press("button", "English");
      await me.heading("Next payment");
    }],
    ["signs out, and the way back leads to signing in", async () => {
      await me.press("button", /^Sign out/);
      await me.sees("You are signed out.");
      await me.go("/billing");
      assert.equal(new URL(me.page.url()).pathname, "/login");
    }],
  ];
}
