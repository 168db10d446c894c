package io.millrace.schemas.config;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What must not be printed (G9), told by the name of its key, and how it is printed instead. */
public final class Secrets {
    static final String MASK = "****";

    private static final Pattern SECRET_KEY = Pattern.compile(
            ".*(password|passwd|secret|token|credential|jaas|private|user\\.info|\\.key$|certificate\\.chain|api\\.?key).*");
    /** Rather too much than too little: passwords with a bare '@' or '/' are seen in the wild. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)\\S+@");

    private Secrets() {}

    static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }

    /** The value as it may be printed; of a URL, all but user and password. */
    static String masked(String key, String value) {
        return isSecret(key) ? MASK : maskedUrl(value);
    }

    /** A URL as it may be printed: without user and password. */
    public static String maskedUrl(String url) {
        return USER_INFO.matcher(url).replaceAll(MASK + "@");
    }

    /** Values by their keys as they may be printed. */
    public static Map<String, String> masked(Map<String, String> values) {
        var masked = new TreeMap<String, String>();
        values.forEach((key, value) -> masked.put(key, masked(key, value)));
        return masked;
    }
}
