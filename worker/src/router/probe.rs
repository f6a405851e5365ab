//! Proving a key with the smallest call there is.

use futures::StreamExt as _;

use super::{Router, call::silent, pool::Chosen};
use crate::{
    ProbeCall,
    providers::{self, ChatEvent, ChatRequest, ProviderError},
};

impl Router {
    /// Proves a key with the smallest call there is, as the operator chose it: an answer of one token, or
    /// the list of models.
    ///
    /// # Errors
    /// Why it does not work.
    pub async fn probe(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        self.pool.count_probe(chosen.id);
        let patience = self.settings.first_token_timeout;
        let proven = match self.settings.probe_call {
            ProbeCall::Answer => tokio::time::timeout(patience, self.one_token(chosen)).await,
            ProbeCall::Models => {
                let (model, endpoint) =
                    (providers::chat_model(chosen.provider, &self.http), self.endpoint(chosen));
                tokio::time::timeout(patience, model.list(&endpoint, self.clock.now())).await
            }
        };
        proven.unwrap_or_else(|_elapsed| Err(silent()))
    }

    async fn one_token(&self, chosen: &Chosen) -> Result<(), ProviderError> {
        let request = ChatRequest {
            system: String::new(),
            turns: vec![providers::Turn {
                speaker: providers::Speaker::User,
                text: "Hi".to_owned(),
                images: Vec::new(),
            }],
            max_output_tokens: 1,
            temperature: 0.0,
        };
        let endpoint = self.endpoint(chosen);
        let model = providers::chat_model(chosen.provider, self.http_for(chosen, &endpoint)?);
        let mut stream = model.stream(&endpoint, &request, self.clock.now()).await?;
        while let Some(event) = stream.next().await {
            match event? {
                ChatEvent::Remaining(remaining) => self.pool.learnt(chosen.id, remaining).await,
                ChatEvent::Thinking | ChatEvent::Alive | ChatEvent::Delta(_) | ChatEvent::Restart => {}
                ChatEvent::End(_) => return Ok(()),
            }
        }
        Err(ProviderError::broken_off())
    }
}
