/** Lines as characters say them, in the languages that the bench speaks; English ones stand in ../sentences.ts. */
export const TEXTS: Readonly<Record<string, string>> = {
  es: `
Bienvenido a casa, viajero, el fuego sigue encendido.
Mi hermano construyó aquel puente con sus propias manos.
Tráeme cinco piezas de ámbar antes de medianoche.
El camino del bosque no es seguro cuando cae la noche.
Nadie ha abierto esa puerta desde hace cien años.
La reina quiere paz, pero sus hijos buscan la guerra.
Pon la espada en el suelo y aléjate despacio.
¿Has visto pasar un barco pequeño por el río?
El viejo molino guarda un secreto muy antiguo.
Vuelve mañana temprano y hablaremos del precio.
`,
  fr: `
Bienvenue chez nous, voyageur, le feu est encore chaud.
Mon frère a bâti ce pont de ses propres mains.
Apporte-moi cinq morceaux d'ambre avant minuit.
Le chemin du marais devient dangereux la nuit.
Personne n'a ouvert cette porte depuis longtemps.
La reine veut la paix, mais ses fils veulent la guerre.
Pose ton arme et recule lentement vers le mur.
Je ne sais pas où se trouve la vieille tour.
Le moulin cache un secret que tout le monde oublie.
Reviens demain matin et nous parlerons du prix.
`,
  pt: `
Bem-vindo de volta, viajante, o fogo ainda está quente.
Meu irmão construiu aquela ponte com as próprias mãos.
Traga cinco pedaços de âmbar antes da meia-noite.
O caminho do pântano não é seguro depois do pôr do sol.
Ninguém abriu aquele portão durante cem anos.
A rainha quer paz, mas os filhos dela querem guerra.
Ponha a espada no chão e afaste-se devagar.
Você viu um barco pequeno passar pelo rio?
O velho moinho guarda um segredo muito antigo.
Volte amanhã cedo e falaremos do preço.
`,
  ko: `
돌아온 것을 환영합니다, 나그네여, 불이 아직 따뜻해요.
우리 형이 저 다리를 직접 만들었어요.
자정이 되기 전에 보석 다섯 개를 가져오세요.
밤에는 숲길이 안전하지 않습니다.
백 년 동안 아무도 그 문을 열지 않았어요.
여왕은 평화를 바라지만 아들들은 전쟁을 원합니다.
무기를 내려놓고 천천히 물러나세요.
작은 배가 강을 지나가는 것을 보았습니까?
오래된 방앗간에는 비밀이 숨어 있어요.
내일 아침 일찍 오면 값을 이야기합시다.
`,
  de: `
Willkommen zurück, Wanderer, das Feuer ist noch warm.
Mein Bruder hat diese Brücke mit eigenen Händen gebaut.
Bring mir fünf Stücke Bernstein vor Mitternacht.
Der Weg durch das Moor ist nachts nicht sicher.
Niemand hat dieses Tor seit hundert Jahren geöffnet.
Die Königin will Frieden, aber ihre Söhne wollen Krieg.
Leg die Waffe nieder und geh langsam zurück.
Hast du ein kleines Boot auf dem Fluss gesehen?
Die alte Mühle birgt ein sehr altes Geheimnis.
Komm morgen früh wieder, dann sprechen wir über den Preis.
`,
  it: `
Bentornato a casa, viandante, il fuoco è ancora caldo.
Mio fratello ha costruito quel ponte con le sue mani.
Portami cinque pezzi di ambra prima di mezzanotte.
Il sentiero della palude non è sicuro di notte.
Nessuno apre quel cancello da cento anni.
La regina vuole la pace, ma i suoi figli vogliono la guerra.
Metti giù la spada e allontanati lentamente.
Hai visto passare una piccola barca sul fiume?
Il vecchio mulino nasconde un segreto molto antico.
Torna domani mattina e parleremo del prezzo.
`,
};

/** The lines of a language. */
export function linesOf(text: string): string[] {
  return text.trim().split('\n');
}
