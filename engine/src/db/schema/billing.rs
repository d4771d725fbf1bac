//! The tables of billing, kept by hand next to the migrations; a test compares them with both databases.
//! Longer than a file should be: one list of tables, as diesel wants those that are joined in one place.

diesel::table! {
    installation (id) {
        id -> Text,
        instance_id -> Text,
        key_fingerprint -> Text,
        created_at -> Timestamp,
        beat -> BigInt,
        beat_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    tenant (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        mode -> Text,
        country -> Text,
        currency -> Text,
        timezone -> Text,
        clock_offset_us -> BigInt,
        clock_target -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        money_paused_since -> Nullable<Timestamp>,
        money_paused_why -> Nullable<Text>,
    }
}

diesel::table! {
    tenant_host (host) {
        host -> Text,
        tenant_id -> Text,
    }
}

diesel::table! {
    product (id) {
        id -> Text,
        tenant_id -> Text,
        code -> Text,
        name -> Text,
        description -> Text,
        created_at -> Timestamp,
        kind -> Text,
        collection_id -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
        tax_rate -> Nullable<BigInt>,
        sold_as -> Text,
    }
}

diesel::table! {
    price (id) {
        id -> Text,
        tenant_id -> Text,
        product_id -> Text,
        code -> Text,
        currency -> Text,
        unit_amount -> BigInt,
        interval_unit -> Text,
        interval_count -> Integer,
        trial_days -> Integer,
        tax_behaviour -> Text,
        created_at -> Timestamp,
        plan_rank -> Integer,
        quantity_min -> BigInt,
        quantity_max -> Nullable<BigInt>,
        meter_id -> Nullable<Text>,
        rating -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    customer (id) {
        id -> Text,
        tenant_id -> Text,
        email -> Text,
        name -> Text,
        company -> Nullable<Text>,
        phone -> Nullable<Text>,
        vat_id -> Nullable<Text>,
        locale -> Nullable<Text>,
        timezone -> Nullable<Text>,
        default_payment_method_id -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        tax_exempt -> Bool,
        tax_rate -> Nullable<BigInt>,
        vat_check -> Nullable<Text>,
        marketing_opt_in_at -> Nullable<Timestamp>,
        code -> Nullable<Text>,
        ask_vies_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    billing_address (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        name -> Text,
        company -> Nullable<Text>,
        line1 -> Text,
        line2 -> Nullable<Text>,
        postal_code -> Text,
        city -> Text,
        region -> Nullable<Text>,
        country -> Text,
        is_default -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    provider_account (id) {
        id -> Text,
        tenant_id -> Text,
        provider -> Text,
        name -> Text,
        settings -> Text,
        secrets -> Text,
        grants -> Text,
        is_default -> Bool,
        created_at -> Timestamp,
        failed_calls -> Integer,
        last_failed_at -> Nullable<Timestamp>,
        allow_unsafe -> Bool,
        reconciled_until -> Nullable<Timestamp>,
        reconcile_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    payment_method (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        provider_account_id -> Text,
        provider_ref -> Text,
        provider_customer_ref -> Nullable<Text>,
        kind -> Text,
        brand -> Text,
        last4 -> Text,
        exp_month -> Nullable<Integer>,
        exp_year -> Nullable<Integer>,
        fingerprint -> Nullable<Text>,
        status -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    payment_setup (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        provider_account_id -> Text,
        kind -> Text,
        state -> Text,
        provider_ref -> Nullable<Text>,
        subscription_id -> Nullable<Text>,
        payment_method_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    subscription (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        price_id -> Text,
        quantity -> BigInt,
        status -> Text,
        hold_reason -> Nullable<Text>,
        billing_tz -> Text,
        anchor_local -> Timestamp,
        anchor_index -> BigInt,
        period_index -> BigInt,
        current_period_start -> Timestamp,
        current_period_end -> Timestamp,
        trial_end -> Nullable<Timestamp>,
        cancel_at -> Nullable<Timestamp>,
        cancel_requested_at -> Nullable<Timestamp>,
        cancel_reason -> Nullable<Text>,
        cancel_comment -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        payment_method_id -> Nullable<Text>,
        past_due_since -> Nullable<Timestamp>,
        review_since -> Nullable<Timestamp>,
        next_due_at -> Nullable<Timestamp>,
        event_seq -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        contract_until -> Nullable<Timestamp>,
        cancel_locked -> Bool,
        pause_at -> Nullable<Timestamp>,
        paused_at -> Nullable<Timestamp>,
        resume_at -> Nullable<Timestamp>,
        remind_at -> Nullable<Timestamp>,
        unused_time -> Text,
        open_invoices -> Text,
    }
}

diesel::table! {
    number_series (id) {
        id -> Text,
        tenant_id -> Text,
        kind -> Text,
        scope_key -> Text,
        next_seq -> BigInt,
        last_issue_date -> Date,
        last_hash -> Nullable<Text>,
    }
}

diesel::table! {
    invoice (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        subscription_id -> Nullable<Text>,
        series_id -> Nullable<Text>,
        seq -> Nullable<BigInt>,
        number -> Nullable<Text>,
        status -> Text,
        reason -> Text,
        period_index -> Nullable<BigInt>,
        period_start -> Nullable<Timestamp>,
        period_end -> Nullable<Timestamp>,
        issue_date -> Nullable<Date>,
        due_at -> Nullable<Timestamp>,
        currency -> Text,
        subtotal -> BigInt,
        discount -> BigInt,
        tax -> BigInt,
        total -> BigInt,
        credit_applied -> BigInt,
        amount_paid -> BigInt,
        amount_credited -> BigInt,
        natural_ref -> Text,
        seller -> Text,
        buyer -> Text,
        locale -> Text,
        paid_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        prev_hash -> Nullable<Text>,
        hash -> Nullable<Text>,
        tax_decision -> Nullable<Text>,
        carried_forward -> BigInt,
        disputed_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invoice_line (id) {
        id -> Text,
        tenant_id -> Text,
        invoice_id -> Text,
        position -> Integer,
        price_id -> Nullable<Text>,
        description -> Text,
        quantity -> BigInt,
        unit_amount -> BigInt,
        amount -> BigInt,
        discount -> BigInt,
        tax_rate -> BigInt,
        tax_behaviour -> Text,
        net -> BigInt,
        tax -> BigInt,
        service_start -> Nullable<Timestamp>,
        service_end -> Nullable<Timestamp>,
        formula -> Nullable<Text>,
        reverses_line_id -> Nullable<Text>,
    }
}

diesel::table! {
    payment_attempt (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        invoice_id -> Text,
        seq -> BigInt,
        purpose -> Text,
        attempt_trigger -> Text,
        amount -> BigInt,
        currency -> Text,
        payment_method_id -> Text,
        provider_account_id -> Text,
        natural_ref -> Text,
        idempotency_key -> Text,
        state -> Text,
        review_since -> Nullable<Timestamp>,
        lease_owner -> Nullable<Text>,
        lease_epoch -> BigInt,
        lease_until -> Nullable<Timestamp>,
        first_submitted_at -> Nullable<Timestamp>,
        last_submitted_at -> Nullable<Timestamp>,
        submit_count -> Integer,
        unproven_submissions -> Integer,
        resend_until -> Nullable<Timestamp>,
        lookup_final_after -> Nullable<Timestamp>,
        absent_since -> Nullable<Timestamp>,
        next_check_at -> Nullable<Timestamp>,
        check_count -> Integer,
        provider_ref -> Nullable<Text>,
        outcome_source -> Nullable<Text>,
        decline_kind -> Nullable<Text>,
        decline_code -> Nullable<Text>,
        raw_status -> Nullable<Text>,
        action_url -> Nullable<Text>,
        action_expires_at -> Nullable<Timestamp>,
        transcript -> Nullable<Text>,
        settled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        credit_note_id -> Nullable<Text>,
        refund_of -> Nullable<Text>,
        return_url -> Nullable<Text>,
        withdrawn_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    dunning_case (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        invoice_id -> Text,
        subscription_id -> Nullable<Text>,
        policy -> Text,
        step -> Integer,
        started_at -> Timestamp,
        next_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
        closed_at -> Nullable<Timestamp>,
        policy_version -> Nullable<Text>,
        frozen_since -> Nullable<Timestamp>,
        frozen_us -> BigInt,
        decline -> Nullable<Text>,
        taken_from -> Integer,
    }
}

diesel::table! {
    ledger_txn (id) {
        id -> Text,
        tenant_id -> Text,
        kind -> Text,
        invoice_id -> Nullable<Text>,
        attempt_id -> Nullable<Text>,
        created_at -> Timestamp,
        credit_note_id -> Nullable<Text>,
    }
}

diesel::table! {
    ledger_entry (id) {
        id -> Text,
        tenant_id -> Text,
        txn_id -> Text,
        account -> Text,
        customer_id -> Nullable<Text>,
        currency -> Text,
        amount -> BigInt,
    }
}

diesel::table! {
    event (id) {
        id -> Text,
        tenant_id -> Text,
        subject -> Text,
        seq -> BigInt,
        kind -> Text,
        actor -> Text,
        reason -> Nullable<Text>,
        payload -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mail (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Nullable<Text>,
        kind -> Text,
        dedupe_key -> Text,
        to_address -> Text,
        locale -> Text,
        data -> Text,
        token_id -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        next_at -> Timestamp,
        message_id -> Text,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    document (id) {
        id -> Text,
        tenant_id -> Text,
        invoice_id -> Text,
        credit_note_id -> Nullable<Text>,
        kind -> Text,
        state -> Text,
        sha256 -> Nullable<Text>,
        bytes -> Nullable<Binary>,
        created_at -> Timestamp,
        ready_at -> Nullable<Timestamp>,
        receipt_id -> Nullable<Text>,
    }
}

diesel::table! {
    portal_token (id) {
        id -> Text,
        tenant_id -> Text,
        purpose -> Text,
        email -> Text,
        customer_id -> Nullable<Text>,
        token_hash -> Text,
        nonce_hash -> Nullable<Text>,
        return_path -> Nullable<Text>,
        code_tries -> Integer,
        expires_at -> Timestamp,
        consumed_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    portal_session (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        token_hash -> Text,
        user_agent -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    rate_hit (id) {
        id -> Text,
        tenant_id -> Text,
        bucket -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    product_collection (id) {
        id -> Text,
        tenant_id -> Text,
        code -> Text,
        name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    meter (id) {
        id -> Text,
        tenant_id -> Text,
        code -> Text,
        name -> Text,
        aggregation -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    subscription_addon (id) {
        id -> Text,
        tenant_id -> Text,
        subscription_id -> Text,
        price_id -> Text,
        quantity -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    coupon (id) {
        id -> Text,
        tenant_id -> Text,
        code -> Text,
        terms -> Text,
        redeem_by -> Nullable<Timestamp>,
        archived_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    subscription_discount (id) {
        id -> Text,
        tenant_id -> Text,
        subscription_id -> Text,
        coupon_id -> Text,
        terms -> Text,
        periods_used -> Integer,
        ended_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        last_period -> Nullable<BigInt>,
    }
}

diesel::table! {
    plan_change (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        subscription_id -> Text,
        target -> Text,
        behaviour -> Text,
        quoted_at -> Timestamp,
        apply_at -> Nullable<Timestamp>,
        invoice_id -> Nullable<Text>,
        state -> Text,
        actor -> Text,
        closed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        offsets -> Text,
    }
}

diesel::table! {
    pending_line (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        subscription_id -> Text,
        price_id -> Nullable<Text>,
        description -> Text,
        quantity -> BigInt,
        unit_amount -> BigInt,
        discount -> BigInt,
        tax_rate -> BigInt,
        tax_behaviour -> Text,
        service_start -> Nullable<Timestamp>,
        service_end -> Nullable<Timestamp>,
        formula -> Text,
        reverses_line_id -> Nullable<Text>,
        invoice_line_id -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    credit_note (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        invoice_id -> Text,
        series_id -> Text,
        seq -> BigInt,
        number -> Text,
        reason -> Text,
        comment -> Nullable<Text>,
        issue_date -> Date,
        currency -> Text,
        net -> BigInt,
        tax -> BigInt,
        total -> BigInt,
        to_offset -> BigInt,
        to_balance -> BigInt,
        to_refund -> BigInt,
        seller -> Text,
        buyer -> Text,
        locale -> Text,
        prev_hash -> Nullable<Text>,
        hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    credit_note_line (id) {
        id -> Text,
        tenant_id -> Text,
        credit_note_id -> Text,
        invoice_line_id -> Text,
        position -> Integer,
        description -> Text,
        tax_rate -> BigInt,
        net -> BigInt,
        tax -> BigInt,
    }
}

diesel::table! {
    refund_request (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        invoice_id -> Text,
        comment -> Text,
        state -> Text,
        decided_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    dispute (id) {
        id -> Text,
        tenant_id -> Text,
        attempt_id -> Text,
        amount -> BigInt,
        currency -> Text,
        state -> Text,
        opened_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    usage_event (id) {
        id -> Text,
        tenant_id -> Text,
        subscription_id -> Text,
        meter_id -> Text,
        event_key -> Text,
        value -> Text,
        occurred_at -> Timestamp,
        received_at -> Timestamp,
        invoice_id -> Nullable<Text>,
        pending_line_id -> Nullable<Text>,
    }
}

diesel::table! {
    benefit (id) {
        id -> Text,
        tenant_id -> Text,
        product_id -> Text,
        code -> Text,
        name -> Text,
        kind -> Text,
        activations -> Nullable<Integer>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    license_key (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        subscription_id -> Text,
        benefit_id -> Text,
        key_text -> Text,
        revoked_at -> Nullable<Timestamp>,
        revoked_why -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    license_activation (id) {
        id -> Text,
        tenant_id -> Text,
        license_key_id -> Text,
        label -> Text,
        deactivated_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    invoice_draft (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        currency -> Text,
        due_days -> Nullable<Integer>,
        lines -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    receipt (id) {
        id -> Text,
        tenant_id -> Text,
        customer_id -> Text,
        invoice_id -> Text,
        payment_attempt_id -> Text,
        series_id -> Text,
        seq -> BigInt,
        number -> Text,
        issue_date -> Date,
        currency -> Text,
        amount -> BigInt,
        seller -> Text,
        buyer -> Text,
        locale -> Text,
        prev_hash -> Nullable<Text>,
        hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    inbound_event (id) {
        id -> Text,
        tenant_id -> Text,
        provider_account_id -> Text,
        event_id -> Text,
        kind -> Text,
        object_ref -> Text,
        claim -> Text,
        state -> Text,
        next_try_at -> Nullable<Timestamp>,
        alarmed_at -> Nullable<Timestamp>,
        received_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    stray_movement (provider_account_id, provider_ref) {
        tenant_id -> Text,
        provider_account_id -> Text,
        provider_ref -> Text,
        idempotency_key -> Text,
        purpose -> Text,
        natural_ref -> Text,
        outcome -> Text,
        created_at -> Timestamp,
        found_at -> Timestamp,
        attempt_id -> Nullable<Text>,
    }
}

diesel::table! {
    provider_call (id) {
        id -> Text,
        tenant_id -> Text,
        provider_account_id -> Text,
        attempt_id -> Nullable<Text>,
        provider -> Text,
        component -> Text,
        function -> Text,
        called_at -> Timestamp,
        tape -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    tenant,
    tenant_host,
    product,
    price,
    customer,
    billing_address,
    provider_account,
    payment_method,
    payment_setup,
    subscription,
    number_series,
    invoice,
    invoice_line,
    payment_attempt,
    dunning_case,
    ledger_txn,
    ledger_entry,
    event,
    mail,
    document,
    portal_token,
    portal_session,
    rate_hit,
    product_collection,
    meter,
    subscription_addon,
    coupon,
    subscription_discount,
    plan_change,
    pending_line,
    credit_note,
    credit_note_line,
    refund_request,
    dispute,
    usage_event,
    benefit,
    license_key,
    license_activation,
    invoice_draft,
    receipt,
    inbound_event,
    stray_movement,
    provider_call,
);
