"""The chart of accounts, after the Norwegian standard NS 4102."""

from __future__ import annotations

# number | type | description; a trailing x marks an inactive account
ACCOUNTS = """
1000 | Asset | Utvikling, ervervet
1030 | Asset | Patenter
1070 | Asset | Utsatt skattefordel
1080 | Asset | Goodwill
1100 | Asset | Bygninger
1120 | Asset | Bygningsmessige anlegg
1130 | Asset | Anlegg under utførelse
1200 | Asset | Maskiner og anlegg
1230 | Asset | Biler
1240 | Asset | Andre transportmidler
1250 | Asset | Inventar
1260 | Asset | Fast bygningsinventar
1280 | Asset | Kontormaskiner
1290 | Asset | Andre driftsmidler x
1300 | Asset | Investering i datterselskap
1350 | Asset | Aksjer og andeler
1380 | Asset | Langsiktige fordringer
1400 | Asset | Råvarer og innkjøpte halvfabrikata
1420 | Asset | Varer under tilvirkning
1440 | Asset | Ferdige egentilvirkede varer
1460 | Asset | Innkjøpte varer for videresalg
1480 | Asset | Forskuddsbetaling til leverandører
1500 | Asset | Kundefordringer
1530 | Asset | Opptjente, ikke fakturerte inntekter
1570 | Asset | Andre kortsiktige fordringer
1580 | Asset | Avsetning tap på fordringer
1700 | Asset | Forskuddsbetalt leie
1710 | Asset | Forskuddsbetalt forsikring
1740 | Asset | Andre forskuddsbetalte kostnader
1750 | Asset | Påløpte renteinntekter x
1900 | Asset | Kontanter
1920 | Asset | Bankinnskudd NOK
1921 | Asset | Bankinnskudd SEK
1922 | Asset | Bankinnskudd EUR
1923 | Asset | Bankinnskudd DKK
1924 | Asset | Bankinnskudd USD
1950 | Asset | Bankinnskudd for skattetrekk
2000 | Liability | Aksjekapital
2020 | Liability | Overkurs
2050 | Liability | Annen egenkapital
2080 | Liability | Udekket tap
2120 | Liability | Utsatt skatt
2220 | Liability | Gjeld til kredittinstitusjoner
2260 | Liability | Gjeld til selskap i samme konsern x
2380 | Liability | Kassekreditt
2400 | Liability | Leverandørgjeld
2410 | Liability | Leverandørgjeld, ikke fakturert mottak
2500 | Liability | Betalbar skatt
2600 | Liability | Forskuddstrekk
2690 | Liability | Andre trekk
2700 | Liability | Utgående mva, høy sats
2701 | Liability | Utgående mva, middels sats
2710 | Liability | Inngående mva, høy sats
2711 | Liability | Inngående mva, middels sats
2714 | Liability | Inngående mva innførsel
2740 | Liability | Oppgjørskonto mva
2770 | Liability | Skyldig arbeidsgiveravgift
2780 | Liability | Påløpt arbeidsgiveravgift på ferielønn
2900 | Liability | Forskudd fra kunder
2930 | Liability | Skyldig lønn
2940 | Liability | Skyldige feriepenger
2960 | Liability | Påløpte kostnader
2990 | Liability | Annen kortsiktig gjeld
3000 | Income | Salgsinntekt handelsvarer, avgiftspliktig
3010 | Income | Salgsinntekt møbler
3020 | Income | Salgsinntekt belysning
3030 | Income | Salgsinntekt montering
3100 | Income | Salgsinntekt, avgiftsfri
3110 | Income | Salgsinntekt utland
3200 | Income | Salgsinntekt utenfor avgiftsområdet
3600 | Income | Leieinntekt fast eiendom x
3700 | Income | Provisjonsinntekt
3900 | Income | Andre driftsrelaterte inntekter
4000 | Expense | Innkjøp av råvarer
4090 | Expense | Beholdningsendring
4300 | Expense | Innkjøp av varer for videresalg
4310 | Expense | Innkjøp møbler
4320 | Expense | Innkjøp belysning & lyskilder
4330 | Expense | Innkjøp tekstil
4360 | Expense | Frakt, toll og spedisjon
4500 | Expense | Fremmedytelser og underentreprise
5000 | Expense | Lønn
5010 | Expense | Overtid
5090 | Expense | Påløpt, ikke utbetalt lønn
5180 | Expense | Feriepenger
5230 | Expense | Fri bil
5330 | Expense | Godtgjørelse til styret
5400 | Expense | Arbeidsgiveravgift
5420 | Expense | Innberetningspliktig pensjonskostnad
5900 | Expense | Gaver til ansatte
5945 | Expense | Pensjonsforsikring for ansatte
6000 | Expense | Avskrivning på bygninger
6010 | Expense | Avskrivning på transportmidler
6015 | Expense | Avskrivning på maskiner og inventar
6100 | Expense | Frakt, transport og forsikring ved salg
6200 | Expense | Elektrisitet
6300 | Expense | Leie lokale
6320 | Expense | Renovasjon, vann og avløp
6340 | Expense | Lys, varme
6360 | Expense | Renhold
6400 | Expense | Leie maskiner
6410 | Expense | Leie inventar x
6440 | Expense | Leie transportmidler
6500 | Expense | Verktøy
6540 | Expense | Inventar, ikke aktivert
6560 | Expense | Rekvisita
6600 | Expense | Reparasjon og vedlikehold bygninger
6620 | Expense | Reparasjon og vedlikehold utstyr
6700 | Expense | Revisjonshonorar
6720 | Expense | Regnskapshonorar
6725 | Expense | Juridisk bistand
6790 | Expense | Annen fremmed tjeneste
6800 | Expense | Kontorrekvisita
6810 | Expense | Programvare og lisenser
6860 | Expense | Møter, kurs, oppdatering
6900 | Expense | Telefon og data
6940 | Expense | Porto
7000 | Expense | Drivstoff
7020 | Expense | Vedlikehold transportmidler
7100 | Expense | Bilgodtgjørelse, oppgavepliktig
7140 | Expense | Reisekostnad, ikke oppgavepliktig
7320 | Expense | Reklamekostnad
7350 | Expense | Representasjon, fradragsberettiget
7420 | Expense | Gaver, fradragsberettiget
7500 | Expense | Forsikringspremie
7770 | Expense | Bank- og kortgebyrer
7830 | Expense | Tap på fordringer
8040 | Income | Renteinntekt, skattepliktig
8060 | Income | Valutagevinst (agio)
8150 | Expense | Rentekostnad, ikke fradragsberettiget x
8160 | Expense | Valutatap (disagio)
8300 | Expense | Betalbar skatt på ordinært resultat
"""
