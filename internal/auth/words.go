package auth

// commonWords are well-known passwords and what they are made of, in small letters. What repeats or runs along the keys
// needs no place here.
var commonWords = []string{
	// passwords and ways to say "let me in"
	"password", "passwort", "passwd", "passphrase", "pass", "contraseña", "motdepasse", "senha", "parola", "пароль",
	"qwerty", "azerty", "qwertz", "letmein", "openup", "opensesame", "secret", "geheim", "changeme", "change",
	"default", "temporary", "temp", "test", "testing", "login", "signin", "access", "welcome", "willkommen", "bienvenue",
	"hello", "hallo", "trustno1", "whatever", "nothing", "blahblah", "admin", "administrator", "root", "toor", "guest",
	"user", "master", "system", "server", "super", "demo", "sample", "example", "please", "abcd", "abc123", "iamthe",
	// what people love and dream of
	"iloveyou", "loveme", "lovely", "love", "forever", "mylove", "jesus", "godisgood", "princess", "prince", "angel",
	"sunshine", "summer", "winter", "spring", "autumn", "monkey", "dragon", "tiger", "eagle", "shadow", "phoenix",
	"football", "fußball", "baseball", "basketball", "soccer", "hockey", "liverpool", "arsenal", "chelsea", "barcelona",
	"realmadrid", "juventus", "superman", "batman", "spiderman", "starwars", "pokemon", "naruto", "minecraft", "matrix",
	"ninja", "killer", "hunter", "ranger", "cookie", "chocolate", "butterfly", "flower", "freedom", "computer",
	"internet", "google", "facebook", "samsung", "microsoft", "mustang", "ferrari", "porsche", "mercedes",
	"correcthorsebatterystaple", "correct horse battery staple", "correct-horse-battery-staple", "tobeornottobe",
	// names and days that are in every list
	"michael", "jennifer", "jessica", "charlie", "jordan", "daniel", "ashley", "michelle", "nicole", "thomas", "andrew",
	"monday", "friday", "sunday", "january", "december",
	// our own trade
	"masthead", "newsroom", "newspaper", "journalist", "journalism", "reporter", "editorial", "editor", "publisher",
	"publish", "contributor", "author", "headline", "breaking", "news", "wordpress", "ghost", "drupal", "joomla",
	"strapi", "headless", "content", "website",
}

// disguises are the characters that stand for letters in a disguised word.
var disguises = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i', '€': 'e'}

// keyRows are the ways fingers walk over a keyboard.
var keyRows = []string{
	"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()", "йцукенгшщзхъ", "фывапролджэ",
}

// sampleKeys are what secret keys in sample files hold, without the marks between words.
var sampleKeys = []string{
	"changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith", "example", "sample", "placeholder",
	"yoursecret", "yourkey", "secretkey", "mysecret", "supersecret", "topsecret", "insecure", "notasecret", "notsecure",
	"donotuse", "dontuse", "atleast32", "thisisa", "signingkey", "developmentkey", "testkey",
}
