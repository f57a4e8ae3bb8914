package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.scaffold.TableColumn.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The columns of a new table: the standard fields, and one for each field of the data. */
final class ShapeColumns {
    /** Objects in which some APIs put all the fields of a record. */
    static final Set<String> CONTAINERS = Set.of("properties", "fields", "attributes");

    /** A row with as many values that are stored apart still fits a page. */
    private static final int MAX_COLUMNS = 400;

    private static final int MAX_INDEXES = 6;
    /** An index takes texts of up to some 2 700 bytes: whoever has longer ones has no IDs there. */
    private static final int MAX_ID = 200;

    private static final List<String> PATH = List.of(StandardFields.DATA);

    private final RecordShape shape;
    private final ColumnNames names;
    private final List<TableColumn> columns = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final ColumnType times;
    private int indexes;
    private boolean needsData;

    /** {@code withData}: with a column for the whole data as well. */
    ShapeColumns(RecordShape shape, boolean withData) {
        this.shape = shape;
        needsData = withData || shape.hasOtherData();
        names = new ColumnNames(
                Stream.concat(StandardFields.COLUMNS.stream().map(TableColumn::name), Stream.of(StandardFields.DATA))
                        .toList());
        times = typeOfTimes(shape.data());
        for (Map.Entry<String, FieldShape> field : shape.data().fields().entrySet()) {
            boolean isContainer = CONTAINERS.contains(field.getKey())
                    && field.getValue().isObject()
                    && !field.getValue().fields().isEmpty();
            if (isContainer) {
                List<String> path = Paths.append(PATH, field.getKey());
                field.getValue().fields().forEach((name, child) -> add(path, name, child));
            } else if (!(field.getKey().equals(StandardFields.ID) && shape.isIdUpstream())) {
                add(PATH, field.getKey(), field.getValue());
            } else {
                notes.add("data.id is upstream_id.");
            }
        }
    }

    /** How the record writes its times, as far as it has some that are not null; or null. */
    private static ColumnType typeOfTimes(FieldShape data) {
        List<ColumnType> types = data.fields().entrySet().stream()
                .map(field -> Map.entry(Identifiers.snake(field.getKey()), field.getValue()))
                .filter(field -> ColumnType.isTime(field.getKey()))
                .map(field -> ColumnType.of(field.getKey(), field.getValue()))
                .filter(ColumnType::isForTimes)
                .distinct()
                .toList();
        return types.size() == 1 ? types.get(0) : null;
    }

    private void add(List<String> parent, String field, FieldShape shapeOfField) {
        List<String> path = Paths.append(parent, field);
        if (!Paths.isSpellable(field)) {
            leaveOut(path, "its name has characters that a path cannot have");
        } else if (columns.size() >= MAX_COLUMNS) {
            leaveOut(path, "a table can have only so many columns");
        } else {
            addId(path, field, shapeOfField);
            String name = names.name(field);
            ColumnType type = ColumnType.of(name, shapeOfField);
            boolean isUnknown = shapeOfField.kinds().isEmpty();
            if (isUnknown && times != null && ColumnType.isTime(name)) {
                type = times;
            }
            columns.add(new TableColumn(
                    name,
                    type.sql(),
                    type.value(Paths.parameter(path), shapeOfField),
                    Update.KEEP,
                    isId(name, type, shapeOfField),
                    isUnknown && shape.records() > 0 ? "null in every record seen" : null));
        }
    }

    /** The ID of an object that the record is related to, be it in the record as a whole or only by its ID. */
    private void addId(List<String> path, String field, FieldShape object) {
        FieldShape id = object.fields().get(StandardFields.ID);
        boolean isInObject = object.isObject() && id != null && id.isScalar();
        if (!isInObject && !object.isObjectOrItsId()) {
            return;
        }
        String name = names.name(field + "_id");
        ColumnType type = ColumnType.of(name, id);
        String value = isInObject ? type.value(Paths.parameter(Paths.append(path, StandardFields.ID)), id) : idOf(path);
        columns.add(new TableColumn(name, type.sql(), value, Update.KEEP, isId(name, type, id), null));
    }

    /** The ID of what is at a path: an object, or its ID. */
    static String idOf(List<String> path) {
        return "coalesce(" + Paths.parameter(Paths.append(path, StandardFields.ID)) + ", " + Paths.parameter(path)
                + ")";
    }

    private boolean isId(String name, ColumnType type, FieldShape field) {
        boolean isOfType = type == ColumnType.TEXT || type == ColumnType.BIGINT || type == ColumnType.UUID;
        boolean isId = isOfType
                && (name.endsWith("_id") || field.isPrefixedId())
                && !field.kinds().isEmpty()
                && field.longest() <= MAX_ID
                && indexes < MAX_INDEXES;
        indexes += isId ? 1 : 0;
        return isId;
    }

    private void leaveOut(List<String> path, String reason) {
        needsData = true;
        notes.add("In data only, since " + reason + ": " + Printable.of(String.join(".", path)));
    }

    /** The columns, in the order of the table. */
    List<TableColumn> columns() {
        List<TableColumn> all = new ArrayList<>(StandardFields.COLUMNS);
        all.addAll(columns);
        if (needsData) {
            all.add(StandardFields.data(ColumnType.ofJson(shape.data())));
        }
        return all;
    }

    /** What a reader of the template should know, a line each. */
    List<String> notes() {
        return notes;
    }
}
