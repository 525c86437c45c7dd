from riskreview.enrichment.stories import choose

REVIEW = {"deepseek": 600, "council": 500, "review": 400}
PRICES = {"price": 700, "qwen": 500, "war": 300}


def test_it_joins_the_story_most_alike():
    assert choose(REVIEW, [[PRICES], [REVIEW, {"council": 900}]]) == 1


def test_it_opens_a_new_story_when_none_is_alike():
    assert choose(REVIEW, [[PRICES]]) is None
    assert choose(REVIEW, []) is None
    assert choose(REVIEW, [[]]) is None
    assert choose({}, [[REVIEW]]) is None


def test_one_close_member_is_not_enough_in_a_scattered_story():
    close = {"deepseek": 400, "other": 1000}
    assert choose(REVIEW, [[close]]) == 0
    assert choose(REVIEW, [[close, *[PRICES] * 20]]) is None


def test_the_length_of_a_vector_does_not_matter():
    assert choose({"a": 1}, [[{"a": 1000}]]) == choose({"a": 1000}, [[{"a": 1}]]) == 0
