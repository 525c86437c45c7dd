"""English names of languages, as services write them, and their ISO 639-1 codes."""

_NAMES = """
    af Afrikaans, sq Albanian, ar Arabic, hy Armenian, az Azerbaijani, eu Basque, be Belarusian, bn Bengali,
    bs Bosnian, bg Bulgarian, ca Catalan, zh Chinese, hr Croatian, cs Czech, da Danish, nl Dutch, en English,
    et Estonian, fi Finnish, fr French, gl Galician, ka Georgian, de German, el Greek, gu Gujarati, he Hebrew,
    hi Hindi, hu Hungarian, is Icelandic, id Indonesian, it Italian, ja Japanese, kn Kannada, kk Kazakh, ko Korean,
    ky Kyrgyz, lv Latvian, lt Lithuanian, mk Macedonian, ms Malay, ml Malayalam, mr Marathi, mn Mongolian, ne Nepali,
    no Norwegian, nb Norwegian Bokmal, nn Norwegian Nynorsk, fa Persian, pl Polish, pt Portuguese, pa Punjabi,
    ro Romanian, ru Russian, sr Serbian, si Sinhalese, sk Slovak, sl Slovenian, so Somali, es Spanish, sw Swahili,
    sv Swedish, ta Tamil, te Telugu, th Thai, bo Tibetan, tr Turkish, uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese,
    cy Welsh
"""
_CODES = {name.lower(): code for code, _, name in (each.strip().partition(" ") for each in _NAMES.split(","))}


def code_of(name: str) -> str:
    """The ISO 639-1 code of a language by its English name; nothing for a name that is not known."""
    return _CODES.get(name.strip().lower(), "")
