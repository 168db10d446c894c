package io.millrace.cli.command;

import io.millrace.schedule.Tick;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A tick as it is shown.
 *
 * @param trigger the id of the trigger that it belongs to
 * @param zone the time zone of its schedule
 * @param before the offset of that zone at the tick before, or where the list begins
 */
record ComingTick(String trigger, Tick tick, ZoneId zone, ZoneOffset before) {
    /** The offset of its zone at the tick. */
    ZoneOffset offset() {
        return zone.getRules().getOffset(tick.at());
    }
}
