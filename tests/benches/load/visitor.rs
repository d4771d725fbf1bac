//! Signs in at a portal as a browser would, by the link in the mailbox of the demo.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Response, Url, header};
use scraper::{Html, Selector};
use serde::Deserialize;
use std::time::{Duration, Instant};

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Mail {
    to: String,
    text: String,
}

/// Signs `client`, which keeps cookies, in as `email`.
pub async fn sign_in(client: &Client, portal: &str, mailbox: &str, email: &str) -> Result<()> {
    let portal = Url::parse(portal)?;
    let page = client.get(portal.join("/login")?).send().await?;
    send(client, page, &[("email", email)]).await?;
    let link = mailed_link(client, mailbox, email).await?;
    let page = client.get(link).send().await?;
    let page = send(client, page, &[]).await?;
    ensure!(page.url().path() == "/", "signing in ended on {}", page.url());
    Ok(())
}

async fn mailed_link(client: &Client, mailbox: &str, email: &str) -> Result<String> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let mails: Vec<Mail> = client.get(format!("{mailbox}/messages")).send().await?.json().await?;
        let texts = mails.iter().filter(|mail| mail.to == email).map(|mail| &mail.text);
        let mut words = texts.flat_map(|text| text.split_whitespace());
        if let Some(link) = words.find(|word| word.starts_with("http") && word.contains("/auth/")) {
            return Ok(link.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("no sign-in mail came to {email}")
}

/// Sends the first form of a page with these fields filled in, and follows where that leads.
async fn send(client: &Client, page: Response, fields: &[(&str, &str)]) -> Result<Response> {
    let url = page.url().clone();
    let (action, token) = form(&page.error_for_status()?.text().await?)?;
    let all = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied());
    let answer = client
        .post(url.join(&action)?)
        .header(header::ORIGIN, url.origin().ascii_serialization())
        .form(&all.collect::<Vec<_>>())
        .send()
        .await?;
    Ok(answer.error_for_status()?)
}

/// Action and token of the first form that is sent by POST.
fn form(html: &str) -> Result<(String, String)> {
    let page = Html::parse_document(html);
    let css = |selector: &str| Selector::parse(selector).map_err(|error| anyhow::anyhow!("{error}"));
    let (forms, tokens) = (css("main form[method=post]")?, css("input[name=csrf]")?);
    let form = page.select(&forms).next().context("the page has no form")?;
    let token = form.select(&tokens).next().and_then(|input| input.attr("value"));
    Ok((form.attr("action").unwrap_or_default().to_owned(), token.unwrap_or_default().to_owned()))
}
