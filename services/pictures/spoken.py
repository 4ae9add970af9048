"""What our own prompts for pictures ask for, in words for whoever does not see what became of them."""

from __future__ import annotations

_ILLUSTRATION = {
    "en": "An illustration without words, calm shapes and few colours: {title}. {about}",
    "es": "Una ilustración sin palabras, de formas tranquilas y pocos colores: {title}. {about}",
    "ru": "Иллюстрация без слов, спокойные формы и немного цветов: {title}. {about}",
    "ar": "رسم بلا كلمات، بأشكال هادئة وألوان قليلة: {title}. {about}",
    "de": "Eine Illustration ohne Wörter, ruhige Formen und wenige Farben: {title}. {about}",
    "fr": "Une illustration sans mots, des formes calmes et peu de couleurs : {title}. {about}",
    "pt": "Uma ilustração sem palavras, de formas calmas e poucas cores: {title}. {about}",
    "zh": "一幅没有文字的插图，形状简洁，用色不多：{title}。{about}",
}
_STILL_LIFE = {
    "en": "A still life of everyday things, without words, for a lesson on: {title}",
    "es": "Un bodegón de objetos cotidianos, sin palabras, para una lección sobre: {title}",
    "ru": "Натюрморт из повседневных вещей, без слов, к уроку на тему: {title}",
    "ar": "طبيعة صامتة من أشياء يومية، بلا كلمات، لدرس عن: {title}",
    "de": "Ein Stillleben aus Alltagsdingen, ohne Wörter, zu einer Lektion über: {title}",
    "fr": "Une nature morte d’objets du quotidien, sans mots, pour une leçon sur : {title}",
    "pt": "Uma natureza-morta de objetos do dia a dia, sem palavras, para uma lição sobre: {title}",
    "zh": "一幅由日常物品组成的静物画，没有文字，主题是：{title}",
}


def painted(language: str, title: str, about: str, *, reworded: bool) -> str:
    """What is to be seen on a picture that was painted for a course on `title`, `reworded` as a still life or as it was
    first asked for. In a language that has no words here it is the course's own words for its subject."""
    told = (_STILL_LIFE if reworded else _ILLUSTRATION).get(language.partition("-")[0], "{title}. {about}")
    return told.format(title=title, about=about)
