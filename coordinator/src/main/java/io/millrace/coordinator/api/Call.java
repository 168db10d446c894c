package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request as endpoints see it: read on the event loop, then immutable and free to share.
 *
 * @param path as it was sent, without the query
 * @param pathParameters decoded
 * @param query decoded; the values of each name in order
 * @param headers by name in lower case; the values of each name in order
 * @param body its bytes; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // Read once; calls are never compared.
record Call(
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        byte[] body) {
    static final String JSON = "application/json";

    /** @throws ProblemException when the query cannot be decoded */
    static Call of(RoutingContext context) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        try {
            context.queryParams().names().forEach(name -> query.put(name, context.queryParam(name)));
        } catch (RuntimeException e) {
            // Vert.x reports a query that cannot be decoded by more than one type.
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST, "the query is not well-formed");
        }
        context.request()
                .headers()
                .names()
                .forEach(name -> headers.put(
                        name.toLowerCase(Locale.ROOT),
                        List.copyOf(context.request().headers().getAll(name))));
        return new Call(
                Optional.ofNullable(context.request().path()).orElse("/"),
                Map.copyOf(context.pathParams()),
                query,
                headers,
                ArrivingBodies.of(context).map(Buffer::getBytes).orElseGet(() -> new byte[0]));
    }

    /** A part of the path that the route names. */
    String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("The route of " + path + " has no :" + name);
        }
        return value;
    }

    /** A header that may be given once. */
    Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new ProblemException(
                    ProblemKind.MALFORMED_REQUEST, "the header " + name + " is given " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    /** Refuses what would otherwise be silently left out: a misspelt filter must not list everything. */
    void allowQuery(String... names) {
        Set<String> allowed = Set.of(names);
        for (Map.Entry<String, List<String>> given : query.entrySet()) {
            if (!allowed.contains(given.getKey())) {
                throw new ProblemException(
                        ProblemKind.INVALID_PARAMETER,
                        "there is no parameter \"" + given.getKey() + "\" here; allowed "
                                + (names.length == 0
                                        ? "are none"
                                        : "are " + String.join(", ", new TreeSet<>(allowed))));
            }
            if (given.getValue().size() > 1) {
                throw new ProblemException(
                        ProblemKind.INVALID_PARAMETER,
                        "the parameter \"" + given.getKey() + "\" is given "
                                + given.getValue().size() + " times; allowed is once");
            }
        }
    }

    /** A parameter of the query; one that is empty counts as not given. */
    Optional<String> parameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst().filter(value -> !value.isEmpty());
    }

    /**
     * The type of the body without its parameters, in lower case; empty when none was given.
     *
     * @throws ProblemException when the body is not UTF-8, or packed
     */
    String mediaType() {
        header("content-encoding")
                .filter(encoding -> !encoding.equalsIgnoreCase("identity"))
                .ifPresent(encoding -> {
                    throw new ProblemException(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "the content encoding " + encoding + " is not understood");
                });
        String[] parts =
                header("content-type").orElse("").toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                throw new ProblemException(
                        ProblemKind.UNSUPPORTED_MEDIA_TYPE, "the body must be UTF-8, not " + parameter);
            }
        }
        return parts[0].strip();
    }

    /** Says which types of body are understood here. */
    ProblemException unsupported(String... allowed) {
        String given = mediaType();
        return new ProblemException(
                ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                (given.isEmpty() ? "the body has no Content-Type" : "the body's Content-Type is " + given)
                        + "; allowed is " + String.join(" or ", allowed));
    }

    /**
     * The body as text.
     *
     * @throws ProblemException when it is not UTF-8
     */
    String text() {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST, "the body is not UTF-8");
        }
    }

    /**
     * The body as a JSON object with no members but these; without a body, an empty object.
     *
     * @throws ProblemException when it is something else
     */
    ObjectNode json(String... members) {
        if (body.length == 0) {
            return JsonText.object();
        }
        if (!mediaType().equals(JSON)) {
            throw unsupported(JSON);
        }
        ObjectNode object = JsonText.readObject(text());
        Set<String> allowed = Set.of(members);
        object.fieldNames().forEachRemaining(name -> {
            if (!allowed.contains(name)) {
                throw new ProblemException(
                        ProblemKind.MALFORMED_JSON,
                        "the body has no member \"" + name + "\"; allowed are "
                                + String.join(", ", new TreeSet<>(allowed)));
            }
        });
        return object;
    }
}
