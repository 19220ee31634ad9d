"""The invented company's words: Fjordlys Interiør AS of Bergen, its partners, people, ledger and goods. One row a line."""

from __future__ import annotations

from functools import cache

COMPANY = "Fjordlys Interiør AS"

BRANCHES = """
1 | Fjordlys Interiør AS | Bergen
2 | Fjordlys Interiør AS avd. Oslo | Oslo
"""

# name | country | city | currency
SUPPLIERS = """
Ålesund Trelast & Bygg AS | NO | Ålesund | NOK
Hardanger Møbelverk AS | NO | Norheimsund | NOK
Nordsjø Papir og Pakk AS | NO | Stavanger | NOK
Blåfjell Strøm AS | NO | Bergen | NOK
Vestlandske Budtjeneste AS | NO | Bergen | NOK
Løvåsen Renhold AS | NO | Bergen | NOK
Ørsta Lampefabrikk AS | NO | Ørsta | NOK
Kystveien Eiendom AS | NO | Bergen | NOK
Sølvberg Regnskap og Rådgivning AS | NO | Bergen | NOK
Trønder-Tekstil SA | NO | Trondheim | NOK
Fjellvåk IT-drift AS | NO | Voss | NOK
Bryggen Kaffe & Te AS | NO | Bergen | NOK
Setesdal Sølv og Smykke | NO | Valle | NOK
Åsane Bilverksted AS | NO | Bergen | NOK
Gullfaks Forsikring ASA | NO | Oslo | NOK
Mjøsa Vinduer AS | NO | Hamar | NOK
Rørosvev AS | NO | Røros | NOK
Nøtterøy Blomster & Gaver | NO | Nøtterøy | NOK
Østfold Emballasje AS | NO | Sarpsborg | NOK
Lofoten Skinn AS | NO | Svolvær | NOK
Reklamebyrået <b>Fet Skrift</b> AS | NO | Oslo | NOK
Håndverkerne Dahl, Næss & Sønner ANS | NO | Bergen | NOK
Telemark Teletjenester AS | NO | Skien | NOK
Kontor "Pluss" AS | NO | Drammen | NOK
Bergen Vann og Avløp KF | NO | Bergen | NOK
Jæren Frakt AS | NO | Bryne | NOK
Sunnmøre Skum og Polster AS | NO | Sykkylven | NOK
Ringsaker Glassverk AS | NO | Brumunddal | NOK
Oslofjord Messe <Event> AS | NO | Lillestrøm | NOK
Advokatfirmaet Lie & Øvrebø DA | NO | Bergen | NOK
Mälardalens Möbelgross AB | SE | Västerås | SEK
Göteborgs Textil & Väv AB | SE | Göteborg | SEK
Småländska Glasbruket AB | SE | Växjö | SEK
Åkeri Öresund AB | SE | Malmö | SEK
Norrlands Furu AB | SE | Umeå | SEK
Linköpings Belysning AB | SE | Linköping | SEK
Sjöbergs Färg HB | SE | Kalmar | SEK
Svensk Lagerinredning AB | SE | Jönköping | SEK
Dalarna Hantverk Ekonomisk Förening | SE | Mora | SEK
Nordiska Mässor AB | SE | Stockholm | SEK
Københavns Lampekompagni A/S | DK | København | DKK
Århus Polstermøbler ApS | DK | Aarhus | DKK
Bornholms Keramik & Stentøj | DK | Rønne | DKK
Vestjysk Transport A/S | DK | Esbjerg | DKK
Nørrebro Grafisk ApS | DK | København | DKK
Skagen Tekstiltryk A/S | DK | Skagen | DKK
Turun Huonekalu Oy | FI | Turku | EUR
Jyväskylän Sähkötarvike Oy | FI | Jyväskylä | EUR
Saimaan Puutyö Oy | FI | Lappeenranta | EUR
Bremer Beschläge GmbH & Co. KG | DE | Bremen | EUR
Würzburger Leuchtenbau GmbH | DE | Würzburg | EUR
Atelier Lumière & Fils SARL | FR | Lyon | EUR
Tessitura Bellini S.r.l. | IT | Prato | EUR
Muebles Peñarroya S.L. | ES | València | EUR
Baltic Timber OÜ | EE | Pärnu | EUR
Vilniaus Stiklas UAB | LT | Vilnius | EUR
Cloudberry Software Inc. | US | Portland | USD
Great Lakes Hardware LLC | US | Duluth | USD
Shenzhen LED Parts Co., Ltd. | CN | Shenzhen | USD
Diverse leverandører | NO | Bergen | NOK
Åmot Vaktmesterservice ENK | NO | Åmot | NOK
"""

CUSTOMERS = """
Hotell Nordlys AS | NO | Tromsø | NOK
Fløyen Restaurant & Selskap AS | NO | Bergen | NOK
Bergen kommune – Barnehager | NO | Bergen | NOK
Havgapet Rederi ASA | NO | Haugesund | NOK
Øygarden Eldresenter KF | NO | Øygarden | NOK
Arkitektkontoret Ås & Bø AS | NO | Ås | NOK
Stryn Fjellhotell AS | NO | Stryn | NOK
Sørlandets Tannlegesenter AS | NO | Kristiansand | NOK
Kafé <i>Kontrast</i> | NO | Oslo | NOK
Møbelringen Mørenga AS | NO | Molde | NOK
Boligbyggelaget Solsiden BBL | NO | Bergen | NOK
Finnmark Opplevelser SA | NO | Alta | NOK
Røldal Skisenter AS | NO | Røldal | NOK
Voss Folkehøgskule | NO | Voss | NOK
Grünerløkka Frisør & Spa AS | NO | Oslo | NOK
Helgeland Kraftlag SA | NO | Mosjøen | NOK
Hotell Havsbris AB | SE | Strömstad | SEK
Umeå Konferens & Möten AB | SE | Umeå | SEK
Ängelholms Inredning AB | SE | Ängelholm | SEK
Hotel Søndervig A/S | DK | Ringkøbing | DKK
Café Smørrebrød & Co ApS | DK | Odense | DKK
Helsingin Majatalo Oy | FI | Helsinki | EUR
Pension Nordwind GmbH | DE | Flensburg | EUR
Fjord & Fell Lodges Ltd | GB | Leeds | EUR
Kontantkunde | NO | Bergen | NOK
"""

# name | department | e-mail name; the domain is reserved for examples
EMPLOYEES = """
Ingrid Solberg | Ledelse | ingrid.solberg
Håkon Dahl | Økonomi | hakon.dahl
Åse Bjørnstad | Økonomi | ase.bjornstad
Kristin Løvås | Innkjøp | kristin.lovas
Magnus Ødegård | Innkjøp | magnus.odegard
Siri Nygård | Salg | siri.nygard
Eirik Haugen | Salg | eirik.haugen
Maja Lindqvist | Salg | maja.lindqvist
Jonas Bergström | Salg | jonas.bergstrom
Torbjørn Aas | Lager | torbjorn.aas
Marte Sæther | Lager | marte.saether
Olav Kvåle | Lager | olav.kvale
Nora Fjeld | Prosjekt | nora.fjeld
Anders Øvrebø | Prosjekt | anders.ovrebo
Hedda Myklebust | Prosjekt | hedda.myklebust
Per-Åge Tveit | Montering | per-age.tveit
Sindre Hovland | Montering | sindre.hovland
Vilde Brekke | Montering | vilde.brekke
Astrid Jørgensen | Design | astrid.jorgensen
Lars Nielsen | Design | lars.nielsen
Emma O'Brien | Design | emma.obrien
Tuva Grønli | Marked | tuva.gronli
Sander Vik | IT | sander.vik
Ragnhild Ytterøy | HR | ragnhild.ytteroy
Gunnar Sandvik | Lager | gunnar.sandvik
Yusuf Ahmed | Montering | yusuf.ahmed
"""

# cost centre (segment 1) | description
COST_CENTRES = """
100 | Ledelse
110 | Økonomi & regnskap
120 | HR og opplæring
130 | IT
200 | Innkjøp
210 | Lager Bergen
220 | Lager Oslo
230 | Transport
300 | Salg butikk
310 | Salg bedrift
320 | Nettbutikk
330 | Marked <kampanjer>
400 | Prosjekt
410 | Montering
420 | Design
430 | Verksted
500 | Eiendom
900 | Avviklet: Trondheim
"""

# location (segment 2) | description
PLACES = """
00 | Felles
10 | Bergen
20 | Oslo
"""

# carrier (segment 3) | description; the middle one has the code of a cost centre
CARRIERS = """
000 | Felles
100 | Prosjektsalg
"""

# internal id | id | description | status | customer | manager's number; X stands for "no project"
PROJECTS = """
0 | X | Ikke-prosjektkode | Active | |
3101 | P1001 | Hotell Nordlys, lobby og bar | Active | 10001 | 113
3102 | P1002 | Stryn Fjellhotell, 42 rom | Active | 10007 | 114
3103 | P1003 | Bergen kommune, barnehage Åsane | Active | 10003 | 115
3104 | P1004 | Kafé <Kontrast> & terrasse | OnHold | 10009 | 113
3105 | P 2001 | Nettbutikk, ny utgave | Planned | | 122
3106 | P2002 | Flytting av lager Oslo | Active | | 114
3107 | P0901 | Hotell Havsbris, suiter | Completed | 10017 | 115
3108 | P0902 | Messe Lillestrøm | Cancelled | | 122
3109 | P1005 | Øygarden Eldresenter, fellesrom | Active | 10005 | 114
3110 | P1006 | Røldal Skisenter, varmestue | Active | 10013 | 115
3111 | P1007 | Hotel Søndervig, resepsjon | Planned | 10020 | 113
3112 | P2003 | Nytt utstillingslokale Bergen | Active | | 122
3190 | MAL-1 | Mal: hotellprosjekt | Active | | 113
"""

# item | description | unit cost in NOK | account
GOODS = """
SOFA-3S | Sofa 3-seter "Fjære", ull | 8450.00 | 4310
STOL-SP | Spisestol eik m/setepute | 1290.00 | 4310
BORD-180 | Spisebord 180 × 90 cm, oljet eik | 6120.00 | 4310
BORD-SB | Sofabord røkt glass & stål | 2240.00 | 4310
HYLLE-05 | Vegghylle, 5 hyller | 1875.50 | 4310
SENG-160 | Kontinentalseng 160 × 200 | 9990.00 | 4310
LAMPE-T | Taklampe "Måne" ø 40 cm | 1430.00 | 4320
LAMPE-G | Gulvlampe messing | 1985.00 | 4320
LED-E27 | LED-pære E27, 7 W <dimbar> | 38.90 | 4320
SKINNE-2 | Lysskinne 2 m, 3-fase | 612.00 | 4320
TEPPE-23 | Ullteppe 200 × 300, håndvevd | 4790.00 | 4330
GARDIN-L | Gardin lin, meterpris | 189.00 | 4330
PUTE-50 | Pynteputer 50 × 50 | 149.00 | 4330
PLEDD | Pledd lammeull | 399.00 | 4330
BESLAG | Beslag og skruer, sett | 74.25 | 4000
EIK-22 | Eikeplank 22 mm, løpemeter | 212.00 | 4000
LAKK-5 | Vannbasert lakk, 5 liter | 845.00 | 4000
GLASS-6 | Herdet glass 6 mm, m² | 930.00 | 4000
"""

# description | amount in NOK | account | cost centre
SERVICES = """
Husleie butikk og lager | 48500.00 | 6300 | 500
Strøm, nettleie og avgifter | 12380.40 | 6200 | 500
Renhold kontor | 6900.00 | 6360 | 500
Renovasjon, vann & avløp | 3120.00 | 6320 | 500
Budtransport | 1480.00 | 6100 | 230
Frakt og spedisjon | 7325.00 | 4360 | 230
Toll og innførselsavgift | 2210.00 | 4360 | 230
Regnskapsbistand | 9875.00 | 6720 | 110
Juridisk rådgivning | 15400.00 | 6725 | 100
Serverdrift og backup | 8200.00 | 6810 | 130
Programvarelisenser | 4990.00 | 6810 | 130
Telefoni og bredbånd | 3675.00 | 6900 | 130
Annonser sosiale medier | 11250.00 | 7320 | 330
Messestand <leie> | 27600.00 | 7320 | 330
Trykksaker og skilt | 5340.00 | 7320 | 330
Kaffe, te og frukt | 1890.50 | 6860 | 120
Kurs: truckførerbevis | 7400.00 | 6860 | 120
Kontorrekvisita | 1264.75 | 6800 | 110
Verktøy og småutstyr | 3985.00 | 6500 | 430
Service på varebil | 6740.00 | 7020 | 230
Drivstoff | 2875.60 | 7000 | 230
Forsikringspremie, halvår | 31200.00 | 7500 | 100
Innleid montør | 18900.00 | 4500 | 410
Designarbeid | 22500.00 | 4500 | 420
"""

COUNTRIES = {
    "NO": "Norge",
    "SE": "Sverige",
    "DK": "Danmark",
    "FI": "Finland",
    "DE": "Tyskland",
    "FR": "Frankrike",
    "IT": "Italia",
    "ES": "Spania",
    "EE": "Estland",
    "LT": "Litauen",
    "US": "USA",
    "CN": "Kina",
    "GB": "Storbritannia",
}

CURRENCIES = {
    "NOK": ("Norske kroner", "kr", 1.0),
    "SEK": ("Svenske kroner", "kr", 0.9874),
    "DKK": ("Danske kroner", "kr", 1.5572),
    "EUR": ("Euro", "€", 11.6215),
    "USD": ("Amerikanske dollar", "$", 10.4138),
}

NOTES = (
    "Avtalt betalingsutsettelse med leverandøren.",
    "Kontroller priser mot rammeavtale før godkjenning.",
    "Linje 2 mangler på mottaket – purret <i>pr. e-post</i>.",
    "Skal fordeles på prosjekt & avdeling.",
    "Godkjent av Håkon.\nBetales først etter mottatt kreditnota.",
    "Se vedlegg; beløp avrundet.",
)


@cache
def rows(table: str) -> list[list[str]]:
    """The table's lines, cut into cells."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
