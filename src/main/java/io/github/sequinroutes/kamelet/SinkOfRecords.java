package io.github.sequinroutes.kamelet;

import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.CamelContextHelper;

/** What the sinks have in common: they write for a bundle, or to a DataSource. */
abstract class SinkOfRecords implements CamelContextAware {
    private CamelContext camelContext;
    private String bundle = "";
    private String dataSource = "";

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** The bundle of whose collection the route is, or nothing. */
    public void setBundle(String bundle) {
        this.bundle = bundle;
    }

    /** The name of the DataSource, or nothing for the only one. */
    public void setDataSource(String dataSource) {
        this.dataSource = dataSource;
    }

    boolean isOfBundle() {
        return !bundle.isEmpty();
    }

    <T> T ofBundle(String bean, Class<T> type) {
        return CamelContextHelper.mandatoryLookup(camelContext, bundle + "-" + bean, type);
    }

    /**
     * The DataSource.
     *
     * @throws IllegalArgumentException if there is none of this name, or it is not the only one
     */
    DataSource findDataSource() {
        if (!dataSource.isEmpty()) {
            DataSource named = camelContext.getRegistry().lookupByNameAndType(dataSource, DataSource.class);
            if (named == null) {
                throw new IllegalArgumentException(
                        "The parameter dataSource is " + dataSource + ", and there is no DataSource of this name");
            }
            return named;
        }
        DataSource only = camelContext.getRegistry().findSingleByType(DataSource.class);
        if (only == null) {
            throw new IllegalArgumentException(
                    "The parameter dataSource must name a DataSource: there is none in this context, or more than one");
        }
        return only;
    }
}
