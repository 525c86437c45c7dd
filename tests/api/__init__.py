"""The API's own plumbing: addresses, status codes, scopes, versions, and that each act is the model's verb."""
