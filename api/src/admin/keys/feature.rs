//! The feature of a key in JSON: its name, or `*` for any.

use domain::{feature::Feature, keys::Provider};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::error::{ApiError, ApiResult};

/// Stands for any feature.
const ANY: &str = "*";

/// The feature that a key is kept for; `None` is any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::admin) struct KeyFeature(pub(in crate::admin) Option<Feature>);

impl Serialize for KeyFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.map_or(ANY, Feature::as_str))
    }
}

impl<'de> Deserialize<'de> for KeyFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == ANY {
            return Ok(Self(None));
        }
        let names = Feature::STUDENT.into_iter().chain([Feature::Embedding]);
        let found = names.clone().find(|feature| feature.as_str() == name);
        found.map(|feature| Self(Some(feature))).ok_or_else(|| {
            let names: Vec<_> = names.map(Feature::as_str).collect();
            D::Error::custom(format!("expected {ANY} or one of {}", names.join(", ")))
        })
    }
}

/// A key is kept for what its provider can do, or for nothing in particular.
pub(super) fn must_serve(provider: Provider, feature: Option<Feature>) -> ApiResult<()> {
    let described = provider.description();
    if feature == Some(Feature::Embedding) && described.can.embedding.is_none() {
        return Err(ApiError::field("feature", format!("is nothing that {} can do", described.label)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_a_name_or_a_star() {
        for (text, feature) in
            [("\"*\"", None), ("\"mcq\"", Some(Feature::Mcq)), ("\"embedding\"", Some(Feature::Embedding))]
        {
            let parsed: KeyFeature = serde_json::from_str(text).unwrap();
            assert_eq!(parsed, KeyFeature(feature));
            assert_eq!(serde_json::to_string(&parsed).unwrap(), text);
        }
        let error = serde_json::from_str::<KeyFeature>("\"chats\"").unwrap_err().to_string();
        assert!(error.starts_with("expected * or one of chat, ") && !error.contains("chats"), "{error}");
        assert!(serde_json::from_str::<KeyFeature>("null").is_err());
    }

    #[test]
    fn a_key_for_embedding_is_of_a_provider_that_embeds() {
        assert!(must_serve(Provider::OpenAi, Some(Feature::Embedding)).is_ok());
        assert!(must_serve(Provider::Demo, Some(Feature::Embedding)).is_err());
        assert!(
            must_serve(Provider::Demo, Some(Feature::Chat)).and(must_serve(Provider::Demo, None)).is_ok()
        );
    }
}
