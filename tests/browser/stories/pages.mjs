// Every page, narrow and wide, light and dark.

import { linkOf, Visitor } from "../visitor.mjs";
import { look } from "../look.mjs";

const VIEWS = [375, 1280].flatMap((width) => ["light", "dark"].map((scheme) => ({ width, scheme })));

/** Signs in and answers with the cookies and with the paths found by following links. */
async function explore(world, name, hops) {
  const me = await Visitor.open(world);
  await me.signsIn(world.demo.customer(name));
  const found = [];
  for (const [from, selector] of hops) {
    await me.go(from);
    const href = await me.page.locator(selector).first().getAttribute("href");
    found.push(href);
  }
  const state = await me.context.storageState();
  await me.close();
  return { state, found };
}

/** Every page at every width, light and dark, with a picture of each. */
export async function lookAtAll(world, title, options, pages) {
  for (const { width, scheme } of VIEWS) {
    const viewport = { width, height: width < 600 ? 812 : 900 };
    const visitor = await Visitor.open(world, { ...options, viewport, colorScheme: scheme, reducedMotion: "reduce" });
    for (const [path, status] of pages) {
      const words = `${path.replace(/[0-9a-z]{26}/g, "…").replace(/(auth|r)\/[^/]{30,}/, "$1/…")} at ${width} px, ${scheme}`;
      await world.report.step(title, words, () => look(visitor, path, status));
      await visitor.picture(`page ${title} ${words}`);
    }
    await visitor.close();
  }
}

export async function everyPage(world) {
  const { report, demo } = world;
  console.log("\nPages without a session");
  const asking = await Visitor.open(world);
  const mail = await asking.asksForLink(demo.customer("lena"));
  const state = await asking.context.storageState();
  await asking.close();
  await lookAtAll(world, "without a session", { storageState: state }, [
    ["/login"], ["/login/sent"], [new URL(linkOf(mail)).pathname], ["/auth/nothing", 410], ["/language"],
  ]);

  console.log("\nPages of a customer without problems");
  const harriet = await explore(world, "amara", [
    ["/", "a[href^='/subscriptions/']"], ["/billing", "a[href^='/billing/inv']"],
    ["/payment-methods", "a[href$='/remove']"], ["/addresses", "a[href^='/addresses/adr'], .card a, main .box a[href^='/addresses/']"],
  ]);
  const [subscription, payment, removal, address] = harriet.found;
  await lookAtAll(world, "amara", { storageState: harriet.state }, [
    ["/"], ["/subscriptions"], [subscription], [`${subscription}/cancel`], [`${subscription}/payment-method`],
    ["/payment-methods"], ["/payment-methods/add"], [removal], ["/billing"], ["/billing?status=failed"], [payment],
    ["/addresses"], ["/addresses/new"], [address], ["/profile"], ["/contact"], ["/nothing-here", 404],
    ["/subscriptions/sub_00000000000000000000000000", 404],
  ]);
  await lookAtAll(world, "amara in German", { storageState: harriet.state, locale: "de-DE" }, [["/"], [subscription]]);

  console.log("\nPages of customers with problems");
  const diego = await explore(world, "diego", [["/", "main .notice a.btn"]]);
  await lookAtAll(world, "diego", { storageState: diego.state }, [["/"], ["/billing"], diego.found]);
  const yuki = await explore(world, "yuki", [["/", "main .notice a.btn"], ["/", "a[href^='/subscriptions/sub']"]]);
  await lookAtAll(world, "yuki", { storageState: yuki.state }, [["/"], ...yuki.found.map((path) => [path])]);
  return report;
}
