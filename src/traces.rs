//! Sends traces to an OpenTelemetry collector: OTLP, protobuf over HTTP.

use anyhow::Context as _;
use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::runtime::Handle;

use crate::config::Config;

/// The provider of traces; `None` where no collector is named. `OTEL_SERVICE_NAME`,
/// `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_BSP_…` mean what they always do.
pub(crate) fn provider(config: &Config, runtime: &Handle) -> anyhow::Result<Option<SdkTracerProvider>> {
    let Some(endpoint) = &config.telemetry.otel_exporter_otlp_endpoint else { return Ok(None) };
    let client = Client { runtime: runtime.clone(), http: worker::providers::http_client()? };
    let path = format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_http_client(client).with_endpoint(path);
    let exporter = exporter.build().context("the exporter cannot be set up")?;
    // What the environment says about the service wins.
    let resource = Resource::builder().with_service_name(service_name()).build();
    Ok(Some(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
}

#[expect(clippy::disallowed_methods, reason = "a variable of OpenTelemetry's own, which its SDK reads, too")]
fn service_name() -> String {
    std::env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_unset| "medai".to_owned())
}

/// The exporter runs on a thread of its own; its requests run where all others do.
#[derive(Debug)]
struct Client {
    runtime: Handle,
    http: reqwest::Client,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let http = self.http.clone();
        let sent = self.runtime.spawn(async move {
            let response = http.execute(request).await?;
            let status = response.status();
            let mut answer = Response::new(response.bytes().await?);
            *answer.status_mut() = status;
            Ok::<_, reqwest::Error>(answer)
        });
        Ok(sent.await??)
    }
}
