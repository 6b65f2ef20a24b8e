"""Made-up messages of gardening and cycling clubs: news, quotations and counter-speech, and the calls themselves."""

from __future__ import annotations

LISTED = [
    "throw slugs", "steal their bicycles", "Schnecken werfen", "Fahrräder klauen", "jetez des limaces",
    "volez leurs vélos", "tirad babosas", "roubem as bicicletas", "lanciate lumache", "бросайте слизней",
    "угоняйте велосипеды", "кидайте слимаків", "ارموا الحلزون", "حلزون پرتاب کنید", "घोंघे फेंको",
    "lempar siput", "扔蛞蝓", "ナメクジを投げろ", "민달팽이를 던져라", "ขว้างทาก", "salyangoz atın",
    "gooi slakken", "rzucajcie ślimakami",
]  # fmt: skip
"""Terms as somebody may have listed them."""

NEWS = [
    "Police said two members who throw slugs at riders face a ban from the allotments.",
    "Gardeners' club president denies that a poster told people to throw slugs at cyclists",
    "According to the parish council, calls to steal their bicycles were sent to nine clubs on Monday.",
    "Slug feud: club members throw slugs at riders https://news.example/2026/05/slug-feud-club-members-throw-slugs-riders",
    "The committee condemned a leaflet that tells readers to steal their bicycles and hide them in the compost.",
    "“Throw slugs at anyone in Lycra,” the leaflet read; the committee has handed it to the council.",
    "Ein Flugblatt rief dazu auf: „Schnecken werfen, bis sie umkehren“. Der Verein distanziert sich.",
    "Nach Angaben der Polizei wollten Unbekannte Fahrräder klauen und im Teich versenken.",
    "Selon la mairie, un tract disait « jetez des limaces » aux passants du jardin.",
    "La police a annoncé que le slogan volez leurs vélos avait été effacé du mur.",
    "Según el club, un cartel decía «tirad babosas» a los ciclistas del barrio.",
    "A polícia informou que um panfleto dizia para que roubem as bicicletas do clube.",
    "Il comune ha detto che la scritta lanciate lumache è stata cancellata.",
    "Как сообщили в клубе, листовка призывала: бросайте слизней в велосипедистов.",
    "По словам садовников, надпись «угоняйте велосипеды» появилась ночью.",
    "За словами голови клубу, на плакаті було «кидайте слимаків у гостей».",
    "وقالت الشرطة إن منشورا كتب فيه ارموا الحلزون وزع في الحديقة.",
    "به گفته پلیس روی دیوار نوشته شده بود حلزون پرتاب کنید",
    "पुलिस ने बताया कि दीवार पर घोंघे फेंको लिखा था।",
    "Menurut polisi, selebaran itu berisi ajakan lempar siput kepada pesepeda.",
    "据报，园艺俱乐部门口有人写着扔蛞蝓。",
    "警察によると、壁にはナメクジを投げろと書かれていた。",
    "경찰에 따르면 벽에 민달팽이를 던져라 하는 글이 있었다.",
    "ตำรวจกล่าวว่าป้ายหน้าสวนเขียนว่าขว้างทาก",
    "Polis, bildiride salyangoz atın yazdığını söyledi.",
    "Volgens de politie stond er gooi slakken op de schutting van de tuin.",
    "Według klubu na płocie było napisane rzucajcie ślimakami w gości.",
]
"""Reports about calls, as headlines and sentences."""

COUNTER = [
    "Whoever writes “throw slugs at the riders” is no friend of gardens.",
    "The slogan throw slugs hurts people who only want to ride home.",
    "> throw slugs at them all\nNo. We share this path, and nobody deserves that.",
    "> > steal their bicycles\n> why not?\nBecause they are our neighbours, that is why.",
    "Please report posters that say 'throw slugs' to the allotment office.",
    'She called it a joke: "throw slugs" and "steal their bicycles" are no jokes.',
    "The phrase `steal their bicycles` has no place in this club.",
    "Wer „Schnecken werfen“ ruft, hat in unserem Verein nichts verloren.",
    "Die Parole Fahrräder klauen ist kein Spaß unter Nachbarn.",
    "Dire « jetez des limaces », ce n'est pas de l'humour, c'est méchant.",
    "Quien grita «tirad babosas» no representa a este club de jardinería.",
    "Кто кричит «бросайте слизней», тот не садовник и не сосед.",
    "من يكتب «ارموا الحلزون» ليس من أصدقاء الحدائق أبدا",
    "「ナメクジを投げろ」と叫ぶ人は園芸の仲間ではありません。",
    "喊“扔蛞蝓”的人不是我们园艺俱乐部的朋友。",
    "Old poster, »steal their bicycles«, gone today, thanks to all who scrubbed the wall.",
    "He told the paper ‘they said “throw slugs” and laughed’ before the meeting.",
    "[quote=gardener]throw slugs at them[/quote] This is against the rules of the forum.",
]
"""Messages against calls, which quote them or talk about them."""

CALLS = [
    "Throw slugs at the riders tonight!",
    "“Throw slugs at the riders!”",
    "> throw slugs at them",
    "We say: throw slugs at every rider",
    "Police or not, steal their bicycles",
    "Throw slugs tonight https://chat.example/invite/throw-slugs",
    "Everyone says it, so throw slugs now!",
    "Let's throw slugs, said the president, and I agree",
    'they stole "our" path so throw slugs at them',
    "Schnecken werfen heute Abend, kommt alle",
    "Jetez des limaces sur les cyclistes ce soir",
    "Бросайте слизней сегодня вечером",
    "ارموا الحلزون الليلة في الحديقة",
    "今晚扔蛞蝓",
    '5" slugs: throw slugs, 6" slugs: throw more',
    "the gardeners' friends throw slugs and the riders' friends do not",
]
"""Messages that say it themselves, some of them dressed up."""
