//! Bindings of `plugins/wit/v1`, generated.

wit_bindgen::generate!({
    path: "../wit/v1",
    world: "payment-provider",
    additional_derives: [Clone, PartialEq, Eq],
    pub_export_macro: true,
});
