"""Domains that links pass through or that every page needs: they are no places where anybody gathers."""

from __future__ import annotations

_LISTED = """
akamai.net akamaihd.net akamaized.net edgekey.net edgesuite.net cloudfront.net amazonaws.com awsstatic.com
cloudflare.com cloudflare.net cloudflarestream.com cdnjs.com jsdelivr.net unpkg.com bootstrapcdn.com fastly.net
fastlylb.net cachefly.net cdn77.org stackpathdns.com stackpathcdn.com bunnycdn.com b-cdn.net keycdn.com
imgix.net cloudinary.com twimg.com fbcdn.net cdninstagram.com ytimg.com ggpht.com googleusercontent.com
gstatic.com googleapis.com googletagmanager.com google-analytics.com googlesyndication.com googleadservices.com
doubleclick.net ampproject.org recaptcha.net gravatar.com wp.com sndcdn.com licdn.com pinimg.com redditmedia.com
redditstatic.com discordapp.net telegram-cdn.org telesco.pe cdn-telegram.org userapi.com vk-cdn.net mycdn.me
yastatic.net yandex.net azureedge.net azurefd.net windows.net msecnd.net msftconnecttest.com office.net
apple-dns.net cdn-apple.com mzstatic.com steamstatic.com typekit.net fontawesome.com jquery.com w3.org schema.org
purl.org doi.org handle.net hotjar.com segment.com mixpanel.com newrelic.com sentry.io scorecardresearch.com
chartbeat.com taboola.com outbrain.com criteo.com adnxs.com adsrvr.org rubiconproject.com onetrust.com cookielaw.org
safelinks.protection.outlook.com urldefense.com urldefense.us list-manage.com mailchi.mp sendgrid.net
mandrillapp.com hubspotlinks.com sparkpostmail.com giphy.com tenor.com app.link page.link onelink.me smart.link
itunes.apple.com apps.apple.com play.google.com google.com bing.com yandex.ru duckduckgo.com baidu.com
example.com example.net example.org localhost
"""

INFRASTRUCTURE = frozenset(_LISTED.split())
"""Content delivery, counting and advertising, fonts and scripts, mail relays, application stores, search engines, and
names that are reserved for examples. Hosts and registrable domains; what lies below one belongs to it."""
