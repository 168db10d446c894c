package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that a worker runs.
 *
 * @param image what it is made of
 * @param command what it executes; empty for what the image has for it
 * @param pull {@code missing}, {@code always} or {@code never}: when the image is fetched
 * @param network the network that it takes part in; absent for the one that containers take part in by themselves
 */
public record Container(String image, List<String> command, String pull, Optional<String> network) implements Action {
    public Container {
        command = List.copyOf(command);
    }

    @Override
    public String kind() {
        return "container";
    }

    /** {@code {"command":["…"],"image":"…","network":"…","pull":"missing"}}. */
    @Override
    public Template document() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("image", image);
        members.put("command", command);
        members.put("pull", pull);
        network.ifPresent(name -> members.put("network", name));
        return Template.constant(members);
    }
}
