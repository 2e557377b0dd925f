"""Texts for scans, in our own words: one invented note in each language and script."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """A note to be drawn as a scan.

    Attributes:
        name: Of its language and script.
        language: ISO 639-1.
        font: Of Noto, by the name of its file.
        text: Paragraphs, a line each.
    """

    name: str
    language: str
    font: str
    text: str


_SANS, _ARABIC, _BANGLA = "NotoSans-Regular", "NotoNaskhArabic-Regular", "NotoSansBengali-Regular"

NOTES = (
    Note(
        "English",
        "en",
        _SANS,
        """Note on the support hub, 14 March 2021
The support hub answered 218 questions from eight country offices in its second year. Most of them
asked how a municipality can count the people who return, and who in the ministry decides on it.
Three offices asked to meet the same trainer again, because what he had shown them in 2019 was known
to nobody on the new team.
We recommend that every office names two focal points, that both take part in the handover, and that
what was learned is written down within six weeks after the end of an activity.
The cost of the hub was 96,400 dollars, or 12 per cent less than planned.""",
    ),
    Note(
        "French",
        "fr",
        _SANS,
        """Note sur le centre d'appui, 14 mars 2021
Pendant sa deuxième année, le centre d'appui a répondu à 218 questions posées par huit bureaux de
pays. La plupart voulaient savoir comment une commune peut compter les personnes qui reviennent, et
qui, au ministère, en décide. Trois bureaux ont demandé à revoir le même formateur, parce que plus
personne dans la nouvelle équipe ne savait ce qu'il avait montré en 2019.
Nous recommandons que chaque bureau désigne deux points focaux, que tous deux participent à la
passation, et que les leçons apprises soient écrites six semaines au plus tard après la fin d'une
activité. Le centre a coûté 96 400 dollars, soit 12 % de moins que prévu.""",
    ),
    Note(
        "Spanish",
        "es",
        _SANS,
        """Nota sobre el centro de apoyo, 14 de marzo de 2021
En su segundo año, el centro de apoyo respondió a 218 preguntas de ocho oficinas de país. La mayoría
quería saber cómo puede un municipio contar a las personas que regresan, y quién lo decide en el
ministerio. Tres oficinas pidieron volver a reunirse con el mismo formador, porque nadie en el nuevo
equipo conocía lo que él había enseñado en 2019.
Recomendamos que cada oficina nombre a dos puntos focales, que ambos participen en la entrega de
funciones y que lo aprendido se escriba a más tardar seis semanas después del final de una
actividad. El centro costó 96.400 dólares, un 12 % menos de lo previsto.""",
    ),
    Note(
        "Romanian",
        "ro",
        _SANS,
        """Notă despre centrul de sprijin, 14 martie 2021
În al doilea an, centrul de sprijin a răspuns la 218 întrebări puse de opt birouri de țară. Cele mai
multe voiau să afle cum poate o primărie să numere oamenii care se întorc și cine hotărăște despre
aceasta în minister. Trei birouri au cerut să se întâlnească din nou cu același formator, fiindcă în
echipa nouă nimeni nu mai știa ce arătase el în 2019.
Recomandăm ca fiecare birou să numească două persoane de contact, ca amândouă să ia parte la
predare și ca lecțiile învățate să fie scrise cel târziu la șase săptămâni după încheierea unei
activități. Centrul a costat 96.400 de dolari, cu 12 % mai puțin decât se prevăzuse.""",
    ),
    Note(
        "Serbian (Cyrillic)",
        "sr",
        _SANS,
        """Белешка о центру за подршку, 14. март 2021.
У другој години центар за подршку је одговорио на 218 питања из осам канцеларија. Већина је хтела да
сазна како општина може да преброји људе који се враћају и ко о томе одлучује у министарству. Три
канцеларије су тражиле да се поново сретну са истим предавачем, јер у новом тиму нико више није знао
шта је он показао 2019. године.
Препоручујемо да свака канцеларија именује две особе за везу, да обе учествују у примопредаји и да
се научено запише најкасније шест недеља после завршетка сваке активности. Центар је коштао 96.400
долара, што је 12 % мање него што је било предвиђено.""",
    ),
    Note(
        "Serbian (Latin)",
        "sr",
        _SANS,
        """Beleška o centru za podršku, 14. mart 2021.
U drugoj godini centar za podršku je odgovorio na 218 pitanja iz osam kancelarija. Većina je htela
da sazna kako opština može da prebroji ljude koji se vraćaju i ko o tome odlučuje u ministarstvu.
Tri kancelarije su tražile da se ponovo sretnu sa istim predavačem, jer u novom timu niko više nije
znao šta je on pokazao 2019. godine.
Preporučujemo da svaka kancelarija imenuje dve osobe za vezu, da obe učestvuju u primopredaji i da
se naučeno zapiše najkasnije šest nedelja posle završetka svake aktivnosti. Centar je koštao 96.400
dolara, što je 12 % manje nego što je bilo predviđeno.""",
    ),
    Note(
        "Russian",
        "ru",
        _SANS,
        """Записка о центре поддержки, 14 марта 2021 года
За второй год работы центр поддержки ответил на 218 вопросов из восьми страновых отделений. Чаще
всего спрашивали, как муниципалитет может сосчитать людей, которые возвращаются, и кто в
министерстве это решает. Три отделения попросили снова встретиться с тем же преподавателем, потому
что в новой группе уже никто не знал, что он показывал в 2019 году.
Мы рекомендуем, чтобы каждое отделение назначило двух координаторов, чтобы оба участвовали в
передаче дел и чтобы извлечённые уроки были записаны не позднее чем через шесть недель после
окончания работы. Центр обошёлся в 96 400 долларов, то есть на 12 % дешевле, чем было намечено.""",
    ),
    Note(
        "Arabic",
        "ar",
        _ARABIC,
        """مذكرة عن مركز الدعم في شهر آذار من العام الماضي
أجاب مركز الدعم في سنته الثانية عن أسئلة كثيرة من ثمانية مكاتب قطرية. وكان معظمها عن كيفية إحصاء
البلدية للأشخاص العائدين وعن الجهة التي تقرر ذلك في الوزارة. وطلبت ثلاثة مكاتب أن تلتقي المدرب نفسه
مرة أخرى لأن أحدا في الفريق الجديد لم يكن يعرف ما شرحه قبل سنتين.
نوصي بأن يسمي كل مكتب منسقين اثنين وأن يشارك كلاهما في التسليم وأن تكتب الدروس المستفادة خلال ستة
أسابيع بعد نهاية كل نشاط. وكانت كلفة المركز أقل مما كان متوقعا في الخطة الأولى.""",
    ),
    Note(
        "Bangla",
        "bn",
        _BANGLA,
        """সহায়তা কেন্দ্র সম্পর্কে একটি নোট
দ্বিতীয় বছরে সহায়তা কেন্দ্র আটটি দেশের কার্যালয় থেকে আসা অনেক প্রশ্নের উত্তর দিয়েছে। বেশির ভাগ প্রশ্ন ছিল
একটি পৌরসভা কীভাবে ফিরে আসা মানুষদের গণনা করতে পারে এবং মন্ত্রণালয়ে কে এই সিদ্ধান্ত নেয়। তিনটি কার্যালয়
একই প্রশিক্ষকের সঙ্গে আবার দেখা করতে চেয়েছে, কারণ নতুন দলের কেউ জানত না তিনি আগে কী শিখিয়েছিলেন।
আমরা সুপারিশ করি যে প্রতিটি কার্যালয় দুইজন সমন্বয়কারী ঠিক করবে, দুজনেই দায়িত্ব হস্তান্তরে অংশ নেবে এবং
কাজ শেষ হওয়ার ছয় সপ্তাহের মধ্যে শেখা বিষয়গুলি লিখে রাখা হবে। কেন্দ্রের খরচ পরিকল্পনার চেয়ে কম ছিল।""",
    ),
)
