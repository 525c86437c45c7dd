import pytest

from riskreview.enrichment.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council has asked for a review of the app and of its data.", "en"),
        ("Der Rat prüft die App und das Unternehmen mit dem neuen Modell.", "de"),
        ("Le conseil examine les données de la société et les risques pour le pays.", "fr"),
        ("深度求索发布了新的模型，股价下跌。", "zh"),
        ("ディープシークが新しいモデルを公開した。", "ja"),
        ("딥시크가 새로운 모델을 공개했다.", "ko"),
        ("Лаборатория Касперского ответила на вопрос.", "ru"),
        ("", ""),
        ("12345 !!!", ""),
        ("DeepSeek OpenAI Qwen Llama", ""),
    ],
)
def test_it_tells_the_language(text, language):
    assert language_of(text) == language
