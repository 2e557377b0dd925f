"""Small words that turn what a sentence says, by language: data for ``facts``.

Number words, quantities and comparisons must stand in the source when a sentence has them;
negations and modal verbs must stand in both or in neither.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBERS: Mapping[str, str] = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty"
    " ninety hundred hundreds thousand thousands million millions billion billions dozen dozens"
    " half third thirds quarter quarters once twice double doubled triple tripled first second"
    " fourth fifth sixth seventh eighth ninth tenth",
    "fr": "zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize vingt trente quarante cinquante soixante cent cents mille million millions milliard"
    " milliards douzaine dizaine dizaines centaine centaines millier milliers moitié tiers quart"
    " quarts double doublé triple triplé premier première deuxième troisième quatrième cinquième",
    "es": "cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos mil"
    " miles millón millones docena mitad tercio tercios cuarto cuartos doble duplicó triple"
    " triplicó primero primera segundo segunda tercero tercera cuarta quinto quinta",
    "ru": "ноль один одна два две три четыре пять шесть семь восемь девять десять одиннадцать"
    " двенадцать пятнадцать двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят"
    " девяносто сто двести триста тысяча тысячи тысяч миллион миллиона миллионов миллиард"
    " половина половины треть четверть вдвое втрое дважды первый первая второй вторая третий",
    "ar": "صفر واحد واحدة اثنان اثنين اثنتان ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية"
    " ثماني تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين مائة مئة"
    " مائتان مئات ألف آلاف مليون ملايين مليار نصف ثلث ربع ضعف أول ثاني ثالث",
}

QUANTITIES: Mapping[str, str] = {
    "en": "all every each both most many few fewer several none more less least majority minority"
    " over under above below nearly almost about only than before after until since always"
    " exactly half entire whole any",
    "fr": "tous toutes tout toute chaque plupart plusieurs peu aucun aucune plus moins majorité"
    " minorité presque environ seulement seul seule avant après jusqu depuis toujours entier",
    "es": "todos todas todo toda cada mayoría minoría varios varias pocos pocas ningún ninguno"
    " ninguna más menos casi aproximadamente solo sólo solamente antes después hasta desde"
    " siempre ambos",
    "ru": "все всех всем каждый каждая каждое большинство меньшинство многие несколько немногие"
    " более больше менее меньше почти около примерно только лишь до после всегда оба обе никто",
    "ar": "كل جميع معظم أغلبية أقلية بعض عدة قليل أكثر أقل حوالي تقريبا فقط قبل بعد منذ دائما كلا",
}

NEGATIONS: Mapping[str, str] = {
    "en": "not no never without none neither nor cannot nobody nothing hardly n't t",
    "fr": "ne n pas jamais sans aucun aucune ni rien personne non",
    "es": "no nunca jamás sin ningún ninguno ninguna ni nada nadie tampoco",
    "ru": "не нет ни никогда без никто ничего нельзя",
    "ar": "لا لم لن ليس ليست بدون دون غير ما لما",
}

MODALS: Mapping[str, str] = {
    "en": "should must shall may might could would will can ought",
    "fr": "devrait devraient doit doivent devra devront peut peuvent pourrait pourraient pourra"
    " faut faudra faudrait",
    "es": "debe deben debería deberían deberá deberán puede pueden podría podrían podrá hay",
    "ru": "должен должна должно должны следует может могут мог могли бы необходимо нужно будет"
    " будут",
    "ar": "ينبغي يجب يمكن قد سوف",
}
