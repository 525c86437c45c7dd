"""A person's own tokens through the API."""

from riskreview.accounts.models import ApiToken


def test_one_sees_one_s_own_tokens_and_no_secret(api, alice, bob):
    api(bob)
    client = api(alice)

    found = client.get("/api/v1/tokens/").json()

    assert [row["name"] for row in found["results"]] == ["test"]
    assert found["results"][0]["prefix"].startswith("rrp_")
    assert not {"secret", "sha256"} & found["results"][0].keys()


def test_a_revoked_token_is_refused_at_the_next_request(api, alice):
    client, token = api(alice), ApiToken.objects.get()

    answer = client.post(f"/api/v1/tokens/{token.pk}/revoke/", {}, HTTP_IF_MATCH='"1"')

    assert answer.status_code == 200, answer.content
    refused = client.get("/api/v1/whoami/")
    assert (refused.status_code, refused.json()["detail"]) == (401, "This token was revoked.")


def test_nobody_else_s_token_is_there(api, alice, bob):
    api(bob)
    token = ApiToken.objects.get(owner=bob)

    assert api(alice).post(f"/api/v1/tokens/{token.pk}/revoke/", {}, HTTP_IF_MATCH='"1"').status_code == 404


def test_a_token_cannot_revoke_one_that_may_do_more(api, alice):
    api(alice)
    wide = ApiToken.objects.get()

    answer = api(alice, ["read"]).post(f"/api/v1/tokens/{wide.pk}/revoke/", {}, HTTP_IF_MATCH='"1"')

    assert (answer.status_code, answer.json()["scope"]) == (403, "cases:write")


def test_a_token_without_read_can_still_revoke_itself(api, alice):
    client = api(alice, ["vendors:write"])
    token = ApiToken.objects.get()

    assert client.post(f"/api/v1/tokens/{token.pk}/revoke/", {}, HTTP_IF_MATCH='"1"').status_code == 200
