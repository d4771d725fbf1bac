// A customer changes the plan: sees what it costs and why, pays exactly that, and takes back what has not begun.

import assert from "node:assert/strict";
import { lookAtAll } from "./pages.mjs";
import { Visitor } from "../visitor.mjs";

/** The subscription to the plans, on the overview. */
async function opensSubscription(me) {
  await me.go("/");
  await me.press("link", /^Fieldnote (Solo|Team|Studio)$/);
  return me.path();
}

/** Chooses a plan by its name and price, and asks what it costs. */
async function chooses(me, plan) {
  await me.press("link", "Change plan");
  await me.heading("Change plan");
  await me.page.getByRole("radio", { name: plan }).check();
  await me.press("button", "See what it costs");
}

export function changesPlan(world, me) {
  const { demo } = world;
  let subscription, amount;
  return [
    ["signs in and finds the plans, the current one marked", async () => {
      await me.signsIn(demo.customer("harriet"));
      subscription = await opensSubscription(me);
      await me.press("link", "Change plan");
      await me.page.getByRole("radio", { name: /Fieldnote Team Current plan.*€49\.00 per month/s, checked: true }).waitFor();
      await me.press("link", "Back");
      await me.arrives(subscription);
    }],
    ["sees what the bigger plan costs now, why, and from when on", async () => {
      await chooses(me, /Fieldnote Studio Upgrade.*per month/s);
      await me.heading("Change to Fieldnote Studio");
      amount = (await me.page.locator("main .amount").innerText()).trim();
      assert.match(amount, /^€\d+\.\d\d$/);
      await me.page.getByText("Why this amount?").click();
      await me.sees(/^Not used: .* billed at €49\.00 for the whole: -€/);
      await me.sees(/ at €99\.00 for the whole: €/);
      await me.sees(/€117\.81 per month/);
      await me.picture("why this amount");
    }],
    ["pays that and is on it", async () => {
      await me.press("button", `Pay ${amount} and change plan`);
      await me.heading("You are on Fieldnote Studio");
      const { charges } = await demo.ledger();
      const paid = charges.some((charge) => charge.status === "succeeded" && `€${(charge.amount / 100).toFixed(2)}` === amount);
      assert.ok(paid, `no charge of ${amount}`);
    }],
    ["goes back to a smaller plan, which comes with the next period", async () => {
      await opensSubscription(me);
      await chooses(me, /Fieldnote Solo Downgrade.*per month/s);
      await me.sees("€0.00");
      await me.press("button", /^Change on /);
      await me.sees(/^Changes to Fieldnote Solo on /);
    }],
    ["takes that back on the overview", async () => {
      await me.go("/");
      await me.sees(/^Changes to Fieldnote Solo on /);
      await me.press("button", "Undo change");
      await me.sees("Fieldnote Studio goes on as it is");
    }],
  ];
}

/** The pages of a change, with one that waits. */
export async function changePages(world) {
  const me = await Visitor.open(world);
  await me.signsIn(world.demo.customer("harriet"));
  const subscription = await opensSubscription(me);
  await chooses(me, /Fieldnote Team Downgrade.*per month/s);
  await me.press("button", /^Change on /);
  await me.press("link", "Change plan");
  const yearly = await me.page.getByRole("radio", { name: /Fieldnote Solo.*per year/s }).getAttribute("value");
  const state = await me.context.storageState();
  await me.close();
  const change = `${subscription}/change`;
  await lookAtAll(world, "a change", { storageState: state }, [
    ["/"], [subscription], [change], [`${change}?plan=${yearly}&quantity=2`], [`${change}?plan=${yearly}&quantity=0`, 422],
  ]);
}
