"""Kinds of document and groups of people, by language: data for ``entities``."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "en": "annual report,mid-term review,management response,terms of reference,evaluation brief,"
    "country brief,budget revision,final evaluation,evaluation report,donor report,report,"
    "evaluation,review,brief,guideline,guidelines,guide,manual,minutes,glossary",
    "fr": "rapport annuel,réponse de la direction,termes de référence,fiche pays,"
    "rapport d'évaluation,compte rendu,rapport,évaluation,fiche,guide,manuel,glossaire,lignes"
    " directrices",
    "es": "informe anual,respuesta de la dirección,términos de referencia,ficha país,informe,"
    "evaluación,ficha,guía,manual,acta,glosario",
    "ar": "التقرير السنوي,التقرير,التقييم,الدليل,المحضر",
    "ru": "годовой отчёт,годовой отчет,отчёт,отчет,оценка,руководство,протокол,справка",
}

GROUPS: Mapping[str, str] = {
    "en": "women,men,girls,boys,children,young people,youth,migrants,returnees,refugees,emigrants,"
    "officials,teachers,nurses,doctors,students,workers,employers,parents,families,councillors,"
    "facilitators,mentors,focal points,displaced people,host communities,villagers,donors,"
    "governments,municipalities,districts,cantons,ministries",
    "fr": "femmes,hommes,filles,garçons,enfants,jeunes,migrants,réfugiés,agents,fonctionnaires,"
    "enseignants,infirmières,médecins,étudiants,travailleurs,employeurs,parents,familles,"
    "facilitateurs,points focaux,personnes déplacées,bailleurs,gouvernements,communes,ministères",
    "es": "mujeres,hombres,niñas,niños,jóvenes,migrantes,refugiados,personas retornadas,"
    "funcionarios,docentes,enfermeras,médicos,estudiantes,trabajadores,empleadores,padres,"
    "familias,personas de enlace,donantes,gobiernos,municipios,cantones,ministerios",
    "ar": "النساء,الرجال,الأطفال,الشباب,المهاجرين,المهاجرون,اللاجئين,العائدين,الموظفين,الطلبة,"
    "العمال,الأسر,البلديات",
    "ru": "женщины,мужчины,дети,молодёжь,мигранты,беженцы,чиновники,учителя,врачи,студенты,"
    "работники,родители,семьи,доноры,правительства,муниципалитеты,министерства",
}

NOT_LOWER = frozenset(
    {"china", "turkey", "jordan", "georgia", "guinea", "liban", "chili", "niger", "congo", "india"}
)
"""Names of countries that are other words when they are written small."""
