// What goes wrong: a declined card, a bank that wants to be asked, a subscription on hold, a trial.

import assert from "node:assert/strict";
import { until } from "../wait.mjs";

/** Charges in the simulator's ledger that took money, newest first. */
async function taken(demo) {
  const { charges } = await demo.ledger();
  return charges.filter((charge) => charge.status === "succeeded");
}

export function paysTheFailedOne(world, me) {
  const { demo } = world;
  const email = demo.customer("diego");
  let before, receipts;
  return [
    ["signs in and finds the failed payment on top, with one button", async () => {
      await me.signsIn(email);
      const first = me.page.locator("main .notice").first();
      assert.match(await first.innerText(), /A payment for Fieldnote Team failed/);
      await me.press("link", /^Pay €/, first);
      await me.heading(/^Pay €58\.31/);
    }],
    ["the declining card declines again, and nothing is charged", async () => {
      before = (await taken(demo)).length;
      await me.press("button", /^Pay €/);
      await me.heading("€58.31 was not paid");
      assert.equal((await taken(demo)).length, before);
      await me.press("link", "Try again");
    }],
    ["adds a card for this payment; it is tried at once, and the bank wants to be asked", async () => {
      await me.press("link", "Add another");
      await me.entersCard("4000002760003184", "Approve");
      await me.heading("Your bank wants you to confirm €58.31");
    }],
    ["a charge that the bank refuses is not a payment", async () => {
      await me.press("link", "Continue to your bank");
      await me.press("button", "Refuse");
      await me.heading("€58.31 was not paid");
      assert.equal((await taken(demo)).length, before);
    }],
    ["pays with 3-D Secure: one charge, one receipt", async () => {
      receipts = (await demo.mails(email, /^Receipt/)).length;
      await me.press("link", "Try again");
      await me.page.getByRole("radio", { name: /3184/ }).check();
      await me.press("button", /^Pay €/);
      await me.press("link", "Continue to your bank");
      await me.press("button", "Approve");
      await me.heading("€58.31 paid");
      assert.equal((await taken(demo)).length, before + 1);
      await demo.mail(email, /^Receipt from Fieldnote: €58\.31/, receipts);
    }],
    ["the subscription runs again and nothing needs attention", async () => {
      await me.go("/");
      await me.sees("Active");
      await me.misses("A payment for Fieldnote Team failed");
      await me.go("/billing");
      assert.equal(await me.page.getByRole("link", { name: /^Pay now/ }).count(), 0);
    }],
  ];
}

export function comesBackFromHold(world, me) {
  const { demo } = world;
  const email = demo.customer("yuki");
  let before;
  return [
    ["signs in and is told that the subscription is on hold, and why", async () => {
      await me.signsIn(email);
      const first = me.page.locator("main .notice").first();
      assert.match(await first.innerText(), /Archive Storage is on hold[^]*there was not enough money/);
      before = (await taken(demo)).length;
      await me.press("link", /^Update and pay €/, first);
      await me.heading("Reactivate Archive Storage");
    }],
    ["adds another card, which pays what is open and turns the subscription back on", async () => {
      await me.press("link", "Add another");
      await me.entersCard("4242424242424242");
      await me.arrives(/^\/subscriptions\/sub_/);
      await until("the subscription is active again", async () => {
        await me.page.reload();
        return await me.page.locator("h1 .badge", { hasText: "Active" }).count();
      });
      assert.equal((await taken(demo)).length, before + 1);
      await me.go("/");
      await me.misses("is on hold");
    }],
    ["a mail says so", () => demo.mail(email, /Archive Storage is active again/)],
  ];
}

export function leavesTheTrial(world, me) {
  const { demo } = world;
  const email = demo.customer("tomas");
  return [
    ["signs in and sees until when the trial is free", async () => {
      await me.signsIn(email);
      await me.sees(/Free until/);
      await me.press("link", "Fieldnote Team");
    }],
    ["the dialog says what cancelling a trial does", async () => {
      await me.press("link", "Cancel subscription");
      const dialog = me.page.getByRole("dialog", { name: "Cancel your trial?" });
      await dialog.getByText(/Your trial continues until .* You will not be charged\./).waitFor();
      await me.press("button", "Cancel trial");
      await me.sees(/Fieldnote Team ends on/);
      await me.sees(/Trial ends/);
    }],
    ["and it can be revoked", async () => {
      await me.press("button", "Keep subscription");
      await me.sees(/Fieldnote Team continues/);
      await me.sees(/Free until/);
    }],
  ];
}
