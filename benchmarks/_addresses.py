"""Addresses that lead inside, in every spelling known to us, tried against a real server that must stay unvisited.

`{port}` is the secret server's port, `{open}` that of a server which may be visited.
"""

# Spellings of this machine; which of them the system's resolver knows differs from system to system.
LOOPBACK = (
    "127.0.0.1", "127.0.0.1.", "127.000.000.001", "127.1", "127.0.1", "0", "0.0.0.0", "127.255.255.254", "2130706433",
    "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0.0.01", "017700000001", "①②⑦.0.0.1",
    "１２７.0.0.1", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "localhost", "LOCALHOST", "localhost.", "ⓛocalhost",
    "ip6-localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1%25lo]",
)  # fmt: skip
ELSEWHERE = (
    "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001::7f00:1]", "[2606:4700::5efe:7f00:1]", "[fec0::1]", "[fe80::1%25lo]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[5f00::1]", "[2001:db8::1]", "[3fff::1]", "169.254.169.254",
    "169.254.170.2", "0xa9fea9fe", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.0.9", "224.0.0.1",
    "239.1.1.1", "255.255.255.255", "240.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "198.18.0.1", "192.0.2.1",
    "198.51.100.1", "203.0.113.1", "192.88.99.1",
)  # fmt: skip
HOSTS = LOOPBACK + ELSEWHERE

URLS = (
    *(f"http://{host}:{{port}}/" for host in HOSTS),
    *(f"http://{host}/" for host in HOSTS),
    "https://127.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}#@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}?@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}%00@127.0.0.1:{port}/",
    "http://127.0.0.1%00.news.example:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\r\nHost: news.example:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\",
    "http:\\\\127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_GET%20/",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}/!/",
    "data:text/html,x",
    "unix:/run/x.sock",
    "http+unix://%2Frun%2Fx.sock/",
)

REDIRECTS = (
    "http://127.0.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://0:{port}/",
    "http://127.1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "https://127.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://127.0.0.1:{open}@127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "\t//127.0.0.1:{port}/",
    "/\t/127.0.0.1:{port}/",
    "/\\127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\",
    "http://127.0.0.1:{open}\\@127.0.0.1:{port}/",
    "ht\ttp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "javascript:alert(1)",
    "data:text/html,x",
)

# What a name's lookup may answer: one address inside refuses the whole name.
ANSWERS = (
    ("127.0.0.1",),
    ("93.184.215.14", "127.0.0.1"),
    ("127.0.0.1", "93.184.215.14"),
    ("93.184.215.14", "2606:4700::1", "::1"),
    ("2606:4700::1", "::ffff:127.0.0.1"),
    ("0.0.0.0",),
    ("10.0.0.1",),
    ("169.254.169.254",),
    ("168.63.129.16",),
    ("224.0.0.1",),
    ("255.255.255.255",),
    ("::1",),
    ("::",),
    ("::127.0.0.1",),
    ("fe80::1%eth0",),
    ("fec0::1",),
    ("fd00:ec2::254",),
    ("64:ff9b::a9fe:a9fe",),
    ("64:ff9b:1::1",),
    ("2002:7f00:1::",),
    ("2001:0:53aa:64c:0:5efe:7f00:1",),
    ("2606:4700::5efe:7f00:1",),
    ("2606:4700::200:5efe:a00:1",),
    ("5f00::1",),
    ("nonsense",),
)

PORTS = (1, 22, 25, 2375, 6379, 5432, 8080, 9200, 11211, 65535)
