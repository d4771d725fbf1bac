//! Bindings of `plugins/wit/v1`, generated.
#![allow(missing_docs, reason = "generated; the WIT carries the documentation")]

wasmtime::component::bindgen!({
    path: "../wit/v1",
    world: "payment-provider",
    imports: { "portico:payment/http.send": async | trappable, default: trappable },
    exports: { default: async },
});
