// What the newspaper itself says, in the languages it is made in.

const english = {
  dir: "ltr",
  skip: "Skip to the news",
  sections: "Sections",
  headlines: "Headlines",
  alerts: "Alerts",
  otherLanguage: "العربية",
  updated: "Updated",
  minutes: (n) => `${n} min read`,
  source: "Source",
  corrections: "Corrections",
  retracted: "This article has been retracted.",
  alsoIn: "This article in",
  readOn: "Read on",
  related: "Related articles",
  subjects: "Subjects",
  by: (name) => `By ${name}`,
  contact: "Contact",
  about: "About us",
  older: "Older",
  newest: "Newest",
  missing: "There is no such page.",
  gone: "This page has been removed.",
  trouble: "The news cannot be reached just now.",
  nothing: "Nothing has been published here yet.",
  elsewhere: "elsewhere",
  load: "Load this from",
  players: { audio: "Listen", video: "Watch" },
  roles: {
    author: "", reporter: "", contributor: "", editor: "edited", photographer: "pictures", translator: "translation",
    illustrator: "drawings",
  },
  types: { correction: "Correction", clarification: "Clarification", update: "Update", retraction: "Retraction" },
  levels: { breaking: "Breaking", urgent: "Urgent", info: "Notice" },
};

const arabic = {
  dir: "rtl",
  skip: "إلى الأخبار",
  sections: "الأقسام",
  headlines: "العناوين",
  alerts: "تنبيهات",
  otherLanguage: "English",
  updated: "حُدّث",
  minutes: (n) => `القراءة في ${n} د`,
  source: "المصدر",
  corrections: "تصويبات",
  retracted: "سُحب هذا المقال.",
  alsoIn: "هذا المقال بلغة أخرى",
  readOn: "للاستزادة",
  related: "مقالات ذات صلة",
  subjects: "مواضيع",
  by: (name) => name,
  contact: "للتواصل",
  about: "من نحن",
  older: "الأقدم",
  newest: "الأحدث",
  missing: "لا توجد صفحة بهذا العنوان.",
  gone: "أُزيلت هذه الصفحة.",
  trouble: "تعذّر الوصول إلى الأخبار الآن.",
  nothing: "لم يُنشر شيء هنا بعد.",
  elsewhere: "في موقع آخر",
  load: "حمّل هذا من",
  players: { audio: "استمع", video: "شاهد" },
  roles: {
    author: "", reporter: "", contributor: "", editor: "تحرير", photographer: "تصوير", translator: "ترجمة",
    illustrator: "رسوم",
  },
  types: { correction: "تصويب", clarification: "توضيح", update: "تحديث", retraction: "سحب" },
  levels: { breaking: "عاجل", urgent: "مهم", info: "إشعار" },
};

/** The languages that the newspaper is made in, and the front that opens each; without one it is the home of the site. */
export const editions = {
  en: { words: english, other: "ar" },
  ar: { words: arabic, other: "en", front: "home-ar" },
};

/** The edition of a language tag: ar-EG is in ar. Any other language has the English one. */
export const editionOf = (locale) => (locale?.split("-")[0] === "ar" ? "ar" : "en");
