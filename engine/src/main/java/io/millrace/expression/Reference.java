package io.millrace.expression;

import java.util.List;

/**
 * A name with its members, such as {@code tasks.train.output.accuracy}.
 *
 * @param root the first name
 * @param place where the first name stands
 * @param members the names after it
 */
record Reference(String root, Place place, List<Member> members) {
    record Member(String name, Place place) {}

    String upTo(int members) {
        StringBuilder text = new StringBuilder(root);
        this.members.subList(0, members).forEach(member -> text.append('.').append(member.name()));
        return text.toString();
    }
}
