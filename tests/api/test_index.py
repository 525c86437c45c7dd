"""Where everything is, and who the token speaks for."""


def test_every_address_of_the_index_answers(api, alice):
    client = api(alice)

    for name, address in client.get("/api/v1/").json().items():
        assert client.get(address).status_code == 200, name


def test_who_the_token_speaks_for(api, alice):
    me = api(alice, ["read"]).get("/api/v1/whoami/").json()

    assert (me["email"], me["roles"], me["token"]["scopes"]) == ("alice@example.org", ["REVIEWER"], ["read"])


def test_an_address_that_is_none_is_a_problem_document(api, alice):
    for path in ("/api/v1/nothing/", "/api/v1/cases", "/api/v1/cases/RR-1/", "/api/v1/vendors/%00/"):
        answer = api(alice).post(path, {})

        assert answer.status_code == 404, path
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith("#problem-not-found")
