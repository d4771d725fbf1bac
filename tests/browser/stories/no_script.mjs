// The same way in a browser that runs no script, on a telephone.

import assert from "node:assert/strict";
import { downloads } from "../invoice.mjs";

export function withoutScript(world, me) {
  const { demo } = world;
  const email = demo.customer("harriet");
  let subscription;
  return [
    ["signs in by mail", () => me.signsIn(email)],
    ["finds every part of the portal in the menu, in order", async () => {
      await me.press("button", "Menu");
      const links = me.page.getByRole("navigation", { name: "Billing" }).getByRole("listitem");
      const names = (await links.allInnerTexts()).map((text) => text.trim());
      const parts = ["Overview", "Subscriptions", "Payment methods", "Billing history", "Addresses", "Profile", "Contact"];
      assert.deepEqual(names, parts);
      await me.press("link", "Subscriptions");
      await me.press("link", "Fieldnote Team");
      subscription = me.path();
    }],
    ["the cancel dialog is there, and the page behind it cannot be pressed", async () => {
      await me.press("link", "Cancel subscription");
      await me.page.getByRole("dialog", { name: "Cancel Fieldnote Team?" }).waitFor();
      assert.equal(await me.page.locator(".app[inert]").count(), 1);
    }],
    ["keeps the subscription, then cancels it after all", async () => {
      await me.press("link", "Keep subscription");
      await me.arrives(subscription);
      await me.press("link", "Cancel subscription");
      await me.page.getByRole("radio", { name: /^On / }).check();
      await me.press("button", "Cancel subscription");
      await me.sees(/Fieldnote Team ends on/);
    }],
    ["revokes the cancellation", async () => {
      await me.press("button", "Keep subscription");
      await me.sees(/Fieldnote Team continues/);
    }],
    ["adds a card with 3-D Secure; the waiting page moves on by itself", async () => {
      await me.go("/payment-methods/add");
      await me.entersCard("4000002500003155", "Approve");
      await me.arrives("/payment-methods");
      await me.seesCard("3155");
    }],
    ["removes it", async () => {
      await me.press("link", /^Remove .*3155/);
      await me.press("button", "Remove");
      await me.sees(/3155 removed/);
    }],
    ["pages back through eighteen months of payments", async () => {
      await me.go("/billing");
      const rows = await me.page.locator("tbody tr").count();
      assert.ok(rows >= 18, `${rows} payments`);
    }],
    ["downloads an invoice", async () => {
      const words = await downloads(me, me.page.getByRole("link", { name: /^Invoice/ }).last());
      assert.ok(words.includes("Harriet Lindqvist"), words);
    }],
    ["changes the profile and is told about a mistake next to the field", async () => {
      await me.go("/profile");
      await me.page.getByLabel("Phone").fill("call me");
      await me.press("button", "Save");
      await me.sees(/Enter a phone number like/);
      await me.page.getByLabel("Phone").fill("+49 30 123456");
      await me.press("button", "Save");
      await me.sees("Saved");
    }],
    ["adds an address", async () => {
      await me.go("/addresses/new");
      await me.page.getByLabel("Country").selectOption("DE");
      await me.page.getByLabel("Name", { exact: true }).fill("Harriet Lindqvist");
      await me.page.getByLabel("Street and number").fill("Hafenweg 3");
      await me.page.getByLabel("Postal code").fill("20457");
      await me.page.getByLabel("City").fill("Hamburg");
      await me.press("button", "Save address");
      await me.sees("Address saved");
      await me.sees("Hamburg");
    }],
    ["signs out", async () => {
      await me.press("button", "Menu");
      await me.press("button", /^Sign out/);
      await me.sees("You are signed out.");
    }],
  ];
}
