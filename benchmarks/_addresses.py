"""Addresses that lead inside, in every spelling known to us, tried against a real server that must stay unvisited.

`{port}` is the secret server's port, `{open}` that of a server which may be visited.
"""

HOSTS = (
    "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0", "0.0.0.0",
    "①②⑦.0.0.1", "127。0。0。1", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[fec0::1]", "[fe80::1%25lo]", "[2001:db8::1]", "[::1%25lo]",
    "169.254.169.254", "100.100.100.200", "224.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.0.0.9",
    "198.18.0.1",
)  # fmt: skip

URLS = (
    *(f"http://{host}:{{port}}/" for host in HOSTS),
    *(f"http://{host}/" for host in HOSTS),
    "http://user@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}#@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}\\@127.0.0.1:{port}/",
    "http://127.0.0.1\t:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET%20/",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "unix:/run/x.sock",
)

REDIRECTS = (
    "http://127.0.0.1:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://localhost:{port}/",
    "http://2130706433:{port}/",
    "http://user@127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\",
    "ht\ttp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "javascript:alert(1)",
)

# What a name's lookup may answer: one address inside refuses the whole name.
ANSWERS = (
    ("127.0.0.1",),
    ("93.184.215.14", "127.0.0.1"),
    ("127.0.0.1", "93.184.215.14"),
    ("10.0.0.1",),
    ("::1",),
    ("2606:4700::1", "::ffff:127.0.0.1"),
    ("fe80::1%eth0",),
    ("64:ff9b::a9fe:a9fe",),
    ("2002:7f00:1::",),
    ("2001:0:53aa:64c:0:5efe:7f00:1",),
    ("169.254.169.254",),
)

PORTS = (22, 25, 6379, 5432, 8080)
