"""Words by which a sentence shows that it reports what others say or do, language by language.

They are looked for as terms of a lexicon, whatever the language of a message, so each is one that hardly stands for
anything else in another language. The list is short on purpose: what it does not know stays "plain".
"""

from __future__ import annotations

REPORTING = {
    "en": "says|said|told|reports that|reported|reportedly|according to|announced|claims that|claimed|alleges|alleged"
    "|allegedly|warned|warns that|confirmed|denied|denies|accused of|accuses|condemned|condemns|criticised"
    "|criticized|arrested|charged with|sentenced|investigating|investigates",
    "de": "sagte|sagten|sagt der|sagt die|berichtet|berichtete|berichten|meldet|meldete|teilte mit|teilten mit"
    "|erklärte|zufolge|nach angaben|behauptete|warnte|verurteilte|verurteilt|festgenommen|beschuldigt|ermittelt",
    "fr": "a dit|ont dit|a déclaré|ont déclaré|selon|a affirmé|affirme que|rapporte que|a annoncé|a dénoncé|dénonce"
    "|accusé de|accusés de|a condamné|condamne|a mis en garde|interpellé|interpellés",
    "es": "según|dijo|dijeron|dice que|afirmó|afirma que|informó|informa que|anunció|denunció|advirtió|condenó"
    "|acusado de|acusados de|detenido por|detenidos por",
    "pt": "segundo a|segundo o|disse|disseram|afirmou|informou|anunciou|denunciou|alertou|condenou|acusado de"
    "|acusados de",
    "it": "ha detto|hanno detto|ha dichiarato|dice che|afferma che|riferisce|ha annunciato|ha denunciato"
    "|ha condannato|accusato di|accusati di|secondo la|secondo il",
    "nl": "zei|zegt|zeiden|volgens|meldde|meldt dat|verklaarde|waarschuwde|veroordeelde|aangehouden|beschuldigd van",
    "pl": "powiedział|powiedziała|poinformował|poinformowała|według|oświadczył|ostrzegł|potępił|zatrzymano",
    "tr": "söyledi|belirtti|açıkladı|bildirdi|iddia etti|uyardı|kınadı|gözaltına alındı",
    "ru": "сказал|сказала|сообщил|сообщила|сообщили|сообщает|заявил|заявила|заявили|рассказал|рассказала|по словам"
    "|по данным|утверждает|предупредил|предупредила|осудил|осудила|осудили|обвинили|задержан|задержаны",
    "uk": "сказав|повідомив|повідомила|повідомили|повідомляє|заявив|розповів|розповіла|за словами|за даними|стверджує"
    "|попередив|засудив|засудила|засудили|затримали",
    "ar": "قال|قالت|وقال|وقالت|أعلن|أعلنت|أفاد|أفادت|ذكرت|صرح|صرحت|زعم|زعمت|حذر|حذرت|بحسب|وفقا|اتهم|اتهمت|أدان|أدانت",
    "fa": "گفت|گفتند|اعلام کرد|گزارش داد|به گفته|مدعی شد|هشدار داد|محکوم کرد",
    "ur": "نے کہا|نے بتایا|کے مطابق|اعلان کیا",
    "hi": "ने कहा|ने बताया|के अनुसार|के मुताबिक|चेतावनी दी|निंदा की|गिरफ्तार",
    "id": "mengatakan|menurut|melaporkan|menyatakan|mengumumkan|memperingatkan|mengecam",
    "sw": "alisema|walisema|kwa mujibu wa",
    "zh": "报道|報道|報導|据报|據報|表示|指出|谴责|譴責",
    "ja": "と述べた|と語った|によると|によれば|と報じた|と発表|と話した|と批判",
    "ko": "말했다|밝혔다|따르면|보도했다|전했다|경고했다|비판했다",
    "th": "กล่าวว่า|รายงานว่า|ระบุว่า",
}
"""Verbs of the third person and phrases that name a source."""

MENTIONING = {
    "en": "the word|the words|the phrase|the slogan|the term|the hashtag|the expression|the chant",
    "de": "das wort|die worte|der satz|den satz|die parole|der begriff|den begriff|der spruch|den spruch|die losung",
    "fr": "le mot|les mots|le slogan|l'expression|la phrase|le terme",
    "es": "la palabra|las palabras|la frase|el lema|la expresión|la consigna|el término",
    "pt": "a palavra|as palavras|a frase|o lema|a expressão|o termo",
    "it": "la parola|le parole|lo slogan|la frase|l'espressione|il termine",
    "nl": "het woord|de woorden|de leus|de term",
    "pl": "słowo|słowa|hasło",
    "tr": "kelimesi|sözü|sloganı",
    "ru": "слово|слова|лозунг|фраза|фразу|выражение",
    "uk": "гасло|фразу|вислів",
    "ar": "كلمة|شعار|عبارة",
    "fa": "کلمه|شعار|عبارت",
    "hi": "शब्द|नारा|नारे",
    "id": "kata kata|slogan|istilah",
    "zh": "这个词|這個詞|口号|口號",
    "ja": "という言葉|という表現|というスローガン",
    "ko": "라는 말|라는 단어|라는 구호",
}
"""Nouns that make of the words beside them something that is talked about."""

ADDRESSING = {
    "en": "I|we|you|your|our|let's|lets",
    "de": "ich|wir|dich|ihr|euch|uns|unser|lasst",
    "fr": "je|j'ai|nous|vous|tu|allons",
    "es": "yo|nosotros|vosotros|ustedes|tú|vamos|nuestro|nuestra",
    "pt": "nós|vocês|você|nosso|nossa",
    "it": "io|noi|voi|andiamo|nostro|nostra",
    "nl": "ik|wij|jullie|laten we",
    "pl": "wy|nasz|nasze|chodźmy",
    "tr": "ben|biz|siz|haydi",
    "ru": "я|мы|вы|ты|нас|вас|наш|давайте",
    "uk": "ми|ви|ти|нам|вам|давайте|ходімо",
    "ar": "أنا|نحن|أنتم|هيا|لنا",
    "fa": "شما|بیایید",
    "hi": "मैं|हम|आप|तुम|चलो",
    "id": "kami|kita|kalian|ayo|saya",
    "zh": "我|我们|你|你们|大家",
    "ja": "私たち|あなた|みんな|みなさん",
    "ko": "우리|여러분|나는",
}
"""First and second persons, and calls: a sentence with one of them speaks for itself and to somebody.

Left out is what is an everyday word elsewhere, as German "du" is in French."""


def forms(table: dict[str, str]) -> list[str]:
    """All forms of a table, each once."""
    return list(dict.fromkeys(form for listed in table.values() for form in listed.split("|")))
