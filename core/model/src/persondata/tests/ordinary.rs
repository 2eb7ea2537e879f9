//! Ordinary notes, in which nothing may be found.

use super::found;

const NOTES: &str = "\
Prullenbak bij de bushalte zit vol, lijn 144 stopt er nog.
Bus 601 rijdt niet meer na 19:30, 3 mensen klagen.
Bankje kapot, reparatie kost ongeveer € 12,50 per plank.
Begroting 850 euro voor 2 plantenbakken, 6 huishoudens doen mee.
Lantaarnpaal 4512 doet het niet, al 3 weken gemeld.
Zaaknummer Z2024-001234 staat nog open.
Melding 2026-00123 is afgehandeld op 12-03-2026.
Afspraak op 3 mei 2026 om 10:15 in het wijkcentrum.
Er waren 41 auto's in een half uur tussen 8.00 en 8.30 uur.
Rijksstraatweg in de spits vol, 30 km/u wordt niet gehaald.
Mevrouw zegt dat de stoep scheef ligt bij het Dillenburgplein.
Meneer wil graag een extra bank bij de vijver.
Mevr bij dillenburgplein: busjes laden en lossen op de stoep.
Mw vraagt wanneer de heg wordt gesnoeid.
Dhr klaagt over geluid van de A15, vooral 's nachts.
Jongens van 14-16 willen een plek om te zitten.
Groep 8 wil de voetbalkooi open op zondag.
Kerkstraat 3 tegels los, oudere bijna gevallen.
Op de Lagendijk wordt te hard gereden.
In de Ridderhof is het te donker bij de achteringang.
Gemeente gebeld via 14 0180, nog geen antwoord.
Politie gebeld op 0900-8844, kwamen na 20 minuten.
Bij nood 112 gebeld, ambulance was er snel.
Parkeren kost 2,40 per uur en dat is te veel.
Afvalpas werkt niet bij container 1023.
Temperatuur was 31 graden, geen schaduw op het plein.
Budget wijkidee is 2.500 euro, besteed 1.750,00 euro.
Van de 1.200 huishoudens reageerden er 86.
In 2024 is het speeltoestel geplaatst, in 2025 al kapot.
In 1961 gebouwd, nooit gerenoveerd.
Gebeld op 12-03-2026 en nog eens op 19-03-2026.
Bijeenkomst 19:00-21:30, zaal open om 18.45.
Buurttent van 13 tot 16 uur, 57 bezoekers.
Vraag over de WOZ-waarde van 312.000 euro.
Stoeptegels 30x30 cm liggen los over 12 meter.
Fietspad tussen A15 en N915 is glad.
Kruising A15-N3 staat elke ochtend vast.
Bewoners van de flat willen een lift die het doet.
De mevrouw van de bloemen op de hoek zag het ook.
Meneer van de overkant heeft een sleutel van de loods.
De buurman heeft de sleutel, dat is handig.
Wooncompas begint in week 14 met de kozijnen (8 woningen).
Scooters tot na 12en, elke vrijdag weer.
Speeltuin erasmuslaan: heg te hoog, kinderen niet zichtbaar.
Vanaf 1 januari andere inzameldag, maandag wordt donderdag.
Ondernemer vraagt wanneer de bushalte terugkomt.
Telling: 12, 15, 9 en 22 vrachtwagens per kwartier.
Score 7,5 op leefbaarheid, vorig jaar 6,9.
Ratten gezien bij de broodplek, 3 nesten.
Kabels liggen 40 cm diep, KLIC 26G001234 aangevraagd.
Artikel 2.10 van de APV is hier van toepassing.
Verordening 2022/1234 geldt niet meer.
Wijkblad nr 3 komt in juni.
Op nummer 1 staat groen, op 2 verkeer.
Route 12-A is omgelegd, bord 7B staat verkeerd.
Hondenbelasting afgeschaft per 01-01-2026.
Honderd procent van de straat is voor eenrichtingsverkeer.
Boom nr 1188 staat scheef na de storm van 3 februari.
Wil graag terugbel voor vrijdag, tussen 9 en 12.
Twee matrassen en een bankstel naast de ondergrondse container.
De heer des huizes was er niet.
Koffieochtend 4x 45 euro zaalhuur.
Bewoner uit Oostendam komt langs voor een paspoort.
Het pad langs de Waal is 2,5 km lang en slecht verlicht.
Energiecoach gaf 15% besparing aan, 240 kWh.
Op 5 mei vlaggen halfstok? Vraag voor protocol.
Schoolplein 2 nachten open geweest, glas gevonden.
Gracht 3 dagen groen van de alg.
Bushalte lijn 601 richting Rotterdam: abri stuk, 2e keer.
Containers 101, 102 en 103 zijn vol.
Ticket 20260312-0045 doorgezet naar beheer.
Evenement met 350 bezoekers, 12 klachten over geluid (85 dB).
Bewoner kocht drempels, 3 stuks van 1,20 m.
Dr. Kuyperlaan is opgebroken tot en met 14 december.";

#[test]
fn nothing_is_found_in_ordinary_notes() {
    let notes: Vec<&str> = NOTES.lines().collect();
    assert!(notes.len() >= 60, "{}", notes.len());
    let mut wrong = Vec::new();
    for note in &notes {
        let found = found(note);
        if !found.is_empty() {
            wrong.push(format!("{note}\n  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = found(NOTES);
    assert_eq!(all, Vec::<String>::new(), "the same in one text");
}
