"""Names and codes of languages, as sources tell them -> one code for each language.

Codes are those of ISO 639-1, or of ISO 639-3 where 639-1 has none. Dialects and written forms that other lists
keep apart are one language here (``cmn`` and ``yue`` are ``zh``), so that series by language do not split.
"""

from __future__ import annotations

UNDETERMINED = "und"

_LANGUAGES = """
aa aar Afar|ab abk Abkhazian,Abkhaz|ae ave Avestan|af afr Afrikaans|ak aka Akan,Twi|am amh Amharic|an arg Aragonese
ar ara Arabic|as asm Assamese|av ava Avaric,Avar|ay aym Aymara|az aze Azerbaijani,Azeri|ba bak Bashkir
be bel Belarusian,Belorussian|bg bul Bulgarian|bi bis Bislama|bm bam Bambara|bn ben Bengali,Bangla
bo bod,tib Tibetan|br bre Breton|bs bos Bosnian|ca cat Catalan,Valencian|ce che Chechen|ch cha Chamorro|co cos Corsican
cr cre Cree|cs ces,cze Czech|cu chu Church Slavic,Old Church Slavonic|cv chv Chuvash|cy cym,wel Welsh|da dan Danish
de deu,ger German|dv div Divehi,Dhivehi,Maldivian|dz dzo Dzongkha|ee ewe Ewe|el ell,gre,grc Greek,Modern Greek
en eng English|eo epo Esperanto|es spa Spanish,Castilian|et est,ekk Estonian|eu eus,baq Basque
fa fas,per,pes,prs Farsi,Persian,Dari|ff ful,fuv Fulah,Fula,Fulani|fi fin Finnish|fj fij Fijian|fo fao Faroese
fr fra,fre French|fy fry Western Frisian,Frisian|ga gle Irish|gd gla Scottish Gaelic,Gaelic|gl glg Galician
gn grn,gug Guarani|gu guj Gujarati|gv glv Manx|ha hau Hausa|he heb,hbo Hebrew|hi hin Hindi|ho hmo Hiri Motu
hr hrv Croatian|ht hat Haitian Creole,Haitian|hu hun Hungarian|hy hye,arm Armenian|hz her Herero|ia ina Interlingua
id ind Indonesian|ie ile Interlingue,Occidental|ig ibo Igbo|ii iii Sichuan Yi|ik ipk Inupiaq|io ido Ido
is isl,ice Icelandic|it ita Italian|iu iku Inuktitut|ja jpn Japanese|jv jav Javanese|ka kat,geo Georgian|kg kon Kongo
ki kik Kikuyu,Gikuyu|kj kua Kuanyama|kk kaz Kazakh|kl kal Kalaallisut,Greenlandic|km khm Khmer,Cambodian
kn kan Kannada|ko kor Korean|kr kau Kanuri|ks kas Kashmiri|ku kur,kmr,ckb,sdh Kurdish,Kurmanji,Sorani,Central Kurdish
kv kom Komi|kw cor Cornish|ky kir Kyrgyz,Kirghiz|la lat Latin|lb ltz Luxembourgish|lg lug Ganda,Luganda
li lim Limburgish,Limburgan|ln lin Lingala|lo lao Lao|lt lit Lithuanian|lu lub Luba-Katanga|lv lav,lvs Latvian
mg mlg,plt Malagasy|mh mah Marshallese|mi mri,mao Maori|mk mkd,mac Macedonian|ml mal Malayalam
mn mon,khk Mongolian|mr mar Marathi|ms msa,may,zsm Malay|mt mlt Maltese|my mya,bur Burmese,Myanmar|na nau Nauru
nd nde North Ndebele|ne nep,npi Nepali|ng ndo Ndonga|nl nld,dut Dutch,Flemish
no nor,nb,nob,nn,nno Norwegian,Norwegian Bokmal,Norwegian Bokmål,Norwegian Nynorsk|nr nbl South Ndebele
nv nav Navajo|ny nya Chichewa,Chewa,Nyanja|oc oci Occitan|oj oji Ojibwa|om orm,gaz Oromo|or ori,ory Odia,Oriya
os oss Ossetian,Ossetic|pa pan Punjabi,Panjabi|pi pli Pali|pl pol Polish|ps pus,pbt,pst Pashto,Pushto
pt por Portuguese|qu que,quz Quechua|rm roh Romansh|rn run Rundi,Kirundi|ro ron,rum,mo,mol Romanian,Moldavian,Moldovan
ru rus Russian|rw kin Kinyarwanda|sa san Sanskrit|sc srd Sardinian|sd snd Sindhi|se sme Northern Sami,Sami
sg sag Sango|si sin Sinhala,Sinhalese|sk slk,slo Slovak|sl slv Slovenian,Slovene|sm smo Samoan|sn sna Shona
so som Somali|sq sqi,alb,als Albanian|sr srp,scc Serbian|ss ssw Swati|st sot Southern Sotho,Sotho,Sesotho
su sun Sundanese|sv swe Swedish|sw swa,swh Swahili|ta tam Tamil|te tel Telugu|tg tgk Tajik|th tha Thai|ti tir Tigrinya
tk tuk Turkmen|tl tgl,fil Tagalog,Filipino|tn tsn Tswana|to ton Tonga,Tongan|tr tur Turkish|ts tso Tsonga
tt tat Tatar|ty tah Tahitian|ug uig Uyghur,Uighur|uk ukr Ukrainian|ur urd Urdu|uz uzb,uzn,uzs Uzbek|ve ven Venda
vi vie Vietnamese|vo vol Volapuk,Volapük|wa wln Walloon|wo wol Wolof|xh xho Xhosa|yi yid,ji,ydd Yiddish|yo yor Yoruba
za zha Zhuang,Chuang|zh zho,chi,cmn,yue,wuu Chinese,Simplified Chinese,Traditional Chinese,Mandarin,Cantonese
zu zul Zulu|ceb ceb Cebuano|haw haw Hawaiian|hmn hmn Hmong|ilo ilo Ilocano,Iloko|bcl bcl Bikol,Central Bikol
war war Waray|pap pap Papiamento|scn scn Sicilian|vec vec Venetian|lij lij Ligurian|ltg ltg Latgalian|sah sah Yakut
crh crh Crimean Tatar|gag gag Gagauz|ast ast Asturian|ext ext Extremaduran|szl szl Silesian|rue rue Rusyn
udm udm Udmurt|mhr mhr,chm Mari|myv myv Erzya|xal xal Kalmyk|tyv tyv Tuvan,Tuvinian|kbd kbd Kabardian|ady ady Adyghe
inh inh Ingush|lez lez Lezgian|bho bho Bhojpuri|mai mai Maithili|kok kok,gom Konkani|brx brx Bodo|mni mni Manipuri
sat sat Santali|ace ace Achinese|ban ban Balinese|min min Minangkabau|kab kab Kabyle|zgh zgh,ber,tzm Tamazight,Berber
nso nso Northern Sotho,Pedi|pcm pcm Nigerian Pidgin|guw guw Gun|gcf gcf,gcr Guadeloupean Creole|tpi tpi Tok Pisin
rom rom Romany,Romani|syr syr Syriac|arc arc Aramaic|bal bal Baluchi,Balochi|zza zza,diq Zaza|glk glk Gilaki
mzn mzn Mazanderani|luo luo Luo|kam kam Kamba|bem bem Bemba|tig tig Tigre|yrl yrl Nheengatu|nah nah Nahuatl
chr chr Cherokee|lad lad Ladino,Judeo-Spanish|nds nds Low German|gsw gsw Swiss German|bar bar Bavarian|sco sco Scots
und und,zxx,mul,mis,qam,qct,qht,qme,qst Undetermined,Language Undefined,Undefined,Unknown,Multiple Languages
"""

_OTHER_CODES = """
ar arb,arz,ary,apc,ajp,acm,apd,afb,aeb,arq,acq,ars,ayl|he iw|id in|jv jw|sr sh,hbs,srl|az azj,azb|bho bh,bih
"""


def _known() -> dict[str, str]:
    """Every listed code and name, in small letters -> the code of its language."""
    known = {}
    for entry in (_LANGUAGES.strip() + "|" + _OTHER_CODES.strip()).replace("\n", "|").split("|"):
        code, codes, *names = entry.split(" ", 2)
        for told in (code, *codes.split(","), *"".join(names).split(",")):
            known[told.casefold()] = code
    known.pop("", None)
    return known


_KNOWN = _known()


def language_code(told: str) -> str:
    """The code of a language that is told by name or by a BCP 47, ISO 639-1, -2 or -3 tag; ``und`` if unknown.

    >>> [language_code(told) for told in ("English", "pt-BR", "RUS", "Farsi (Persian)", "LANGUAGE UNDEFINED", "?")]
    ['en', 'pt', 'ru', 'fa', 'und', 'und']
    """
    name = " ".join(told.casefold().split())
    candidates = (name, name.partition("(")[0].strip(), name.replace("_", "-").partition("-")[0])
    return next((_KNOWN[candidate] for candidate in candidates if candidate in _KNOWN), UNDETERMINED)
