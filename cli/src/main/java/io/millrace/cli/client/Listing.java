package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A list of the API that is read page by page: its cursor is followed for as long as entries are wanted. */
public final class Listing {
    /** As many entries as an answer of the API may have. */
    static final int MOST_A_PAGE = 500;

    private final String member;
    private final Function<Query, JsonNode> ask;

    /**
     * @param member of the answers that holds the entries
     * @param ask gives the answer to a query with limit and cursor
     */
    Listing(String member, Function<Query, JsonNode> ask) {
        this.member = member;
        this.ask = ask;
    }

    /**
     * Entries in the order of the API.
     *
     * @param next the cursor of what follows; empty when nothing does
     */
    public record Part(List<JsonNode> entries, Optional<String> next) {
        /** Keeps a copy. */
        public Part {
            entries = List.copyOf(entries);
        }
    }

    /** The first entries, at most so many. */
    public Part first(int most) {
        return read(Optional.empty(), most, count -> {});
    }

    /**
     * The first entries, at most so many.
     *
     * @param soFar is told after each page how many there are
     */
    public Part first(int most, IntConsumer soFar) {
        return read(Optional.empty(), most, soFar);
    }

    /**
     * All entries.
     *
     * @param soFar is told after each page how many there are
     */
    public List<JsonNode> all(IntConsumer soFar) {
        return read(Optional.empty(), Integer.MAX_VALUE, soFar).entries();
    }

    /** One page behind a cursor. */
    Part page(String cursor) {
        return page(Optional.of(cursor), MOST_A_PAGE);
    }

    private Part read(Optional<String> from, int most, IntConsumer soFar) {
        List<JsonNode> entries = new ArrayList<>();
        Optional<String> next = from;
        do {
            // With filters that fit few a page may be empty, and yet others follow.
            Part page = page(next, Math.min(MOST_A_PAGE, most - entries.size()));
            entries.addAll(page.entries());
            next = page.next();
            soFar.accept(entries.size());
        } while (next.isPresent() && entries.size() < most);
        return new Part(entries, next);
    }

    private Part page(Optional<String> cursor, int limit) {
        JsonNode answer =
                ask.apply(Query.ALL.with("limit", Integer.toString(limit)).with("cursor", cursor));
        List<JsonNode> entries = new ArrayList<>();
        answer.path(member).forEach(entries::add);
        return new Part(entries, Optional.ofNullable(answer.path("next").textValue()));
    }
}
